// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Configuration
import Dewar
import DewarTLS

/// Sources: DewarTLS/CertificateFiles.swift
func certificateFilesComment(_ app: App) async throws {
    try await app.run(
        port: 443, tls: CertificateFiles(certificate: "/etc/tls/fullchain.pem", privateKey: "/etc/tls/privkey.pem"))
}

/// Sources: DewarTLS/CertificateFiles.swift
func certificateFilesOfTheEnvironmentComment(_ app: App) async throws {
    let environment = ConfigReader(provider: EnvironmentVariablesProvider())
    try await app.run(tls: CertificateFiles(configuration: environment))
}

func runOverHTTP2(_ app: App, files: CertificateFiles) async throws {
    try await app.run(port: 443, tls: files, http2: true)
}

/// Sources: DewarTLS/DewarTLS.docc/DewarTLS.md
func runOverHTTP2OfTheCatalog(_ app: App) async throws {
    try await app.run(
        tls: CertificateFiles(certificate: "/etc/tls/fullchain.pem", privateKey: "/etc/tls/privkey.pem"), http2: true)
}

/// Sources: DewarTLS/App+TLS.swift
func runOverTLSComment(_ app: App) async throws {
    try await app.run(tls: CertificateFiles(certificate: "cert.pem", privateKey: "key.pem"))
}
