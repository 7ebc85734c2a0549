// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

public import Configuration
public import Dewar
import NIOSSL

/// The files with which a server proves who it is, both in the PEM format.
///
/// ```swift
/// try await app.run(
///     port: 443, tls: CertificateFiles(certificate: "/etc/tls/fullchain.pem", privateKey: "/etc/tls/privkey.pem"))
/// ```
///
/// They are read when the server starts, and every two seconds while it runs. A renewed certificate is used for new
/// connections once both files have been the same for two seconds, which a line of the log says; connections that are
/// open stay. Files that cannot be used later leave the certificate as it was, and are logged as one error.
public struct CertificateFiles: Hashable, Sendable {
    /// The path of the certificate, followed in the same file by those that have signed it, without the root.
    public var certificate: String
    /// The path of its private key, which must have no passphrase.
    public var privateKey: String

    /// The paths of both files.
    public init(certificate: String, privateKey: String) {
        self.certificate = certificate
        self.privateKey = privateKey
    }

    /// The paths of a configuration: `tls.certificate` and `tls.privateKey`, which are `TLS_CERTIFICATE` and
    /// `TLS_PRIVATE_KEY` in the environment.
    ///
    /// ```swift
    /// let environment = ConfigReader(provider: EnvironmentVariablesProvider())
    /// try await app.run(tls: CertificateFiles(configuration: environment))
    /// ```
    ///
    /// - Throws: `AppError` when one of them is missing or empty: no server may speak plain HTTP by mistake.
    public init(configuration reader: ConfigReader) throws(AppError) {
        self.init(
            certificate: try Self.path("tls.certificate", reader), privateKey: try Self.path("tls.privateKey", reader))
    }

    private static func path(_ key: ConfigKey, _ reader: ConfigReader) throws(AppError) -> String {
        guard let path = reader.string(forKey: key), !path.isEmpty else {
            let name = key.components.joined(separator: ".")
            throw AppError(.invalidConfiguration, "The setting \(name) is missing; it is the path of a PEM file.")
        }
        return path
    }

    /// The certificate and its key, as the files are now.
    ///
    /// - Throws: `AppError` for a file that cannot be read, and for a key of another certificate.
    func read() throws(AppError) -> CertificatePair {
        let chain = try Self.read(self.certificate, "certificate") { try NIOSSLCertificate.fromPEMFile($0) }
        guard !chain.isEmpty else {
            throw AppError(.invalidConfiguration, "The file \(self.certificate) has no certificate.")
        }
        let key = try Self.read(self.privateKey, "private key") { try NIOSSLPrivateKey(file: $0, format: .pem) }
        let pair = CertificatePair(chain: chain, key: key)
        do {
            _ = try NIOSSLContext(configuration: pair.configuration)
        } catch {
            throw AppError(
                .invalidConfiguration,
                "The private key \(self.privateKey) does not belong to the certificate \(self.certificate).")
        }
        return pair
    }

    /// The error says which file; what it holds may be a secret.
    private static func read<Value>(
        _ path: String, _ what: String, _ read: (String) throws -> Value
    ) throws(AppError) -> Value {
        do {
            return try read(path)
        } catch {
            throw AppError(
                .invalidConfiguration,
                "The \(what) \(path) cannot be read; it must be a PEM file that this program may read.")
        }
    }
}
