// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Configuration
import Dewar
import DewarTLS
import Foundation
import Testing

/// Certificates that cannot be used prevent the start. The handshakes are in Tests/Interop/test_tls.py.
@Suite struct CertificateFilesTests {
    private static func files(_ variables: [String: String]) throws(AppError) -> CertificateFiles {
        try CertificateFiles(
            configuration: ConfigReader(provider: EnvironmentVariablesProvider(environmentVariables: variables)))
    }

    @Test func theyComeFromTheEnvironment() throws {
        let files = try Self.files(["TLS_CERTIFICATE": "/c.pem", "TLS_PRIVATE_KEY": "/k.pem"])
        #expect(files == CertificateFiles(certificate: "/c.pem", privateKey: "/k.pem"))
    }

    @Test(arguments: [
        ([:], "tls.certificate"), (["TLS_CERTIFICATE": "/c.pem"], "tls.privateKey"),
        (["TLS_CERTIFICATE": "", "TLS_PRIVATE_KEY": "/k.pem"], "tls.certificate"),
    ])
    func aPathThatIsMissingIsTold(variables: [String: String], name: String) {
        let error = #expect(throws: AppError.self) { try Self.files(variables) }
        #expect(error?.kind == .invalidConfiguration)
        #expect(error?.description == "The setting \(name) is missing; it is the path of a PEM file.")
    }

    @Test func aFileThatCannotBeReadStopsTheStart() async {
        let files = CertificateFiles(certificate: "/no/such/file.pem", privateKey: "/no/such/key.pem")
        let error = await #expect(throws: AppError.self) { try await App.forTests().serve(port: 0, tls: files) }
        #expect(error?.kind == .invalidConfiguration)
        #expect(
            error?.description == """
                The certificate /no/such/file.pem cannot be read; it must be a PEM file that this program may read.
                """)
    }
}
