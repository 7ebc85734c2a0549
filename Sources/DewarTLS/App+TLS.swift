// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

public import Dewar
import HummingbirdTLS

extension App {
    /// Serves the application over HTTPS, as `run(host:port:)` does over HTTP.
    ///
    /// ```swift
    /// try await app.run(tls: CertificateFiles(certificate: "cert.pem", privateKey: "key.pem"))
    /// ```
    ///
    /// The server speaks HTTP/1.1 over TLS 1.2 and 1.3, and says so in the handshake (ALPN). All of `ServerLimits` hold:
    /// `headTimeout` has the handshake in it. Requests know that they are secure, so that `url(for:)` builds URLs with
    /// `https`, and `Strict-Transport-Security` is sent.
    ///
    /// - Parameters:
    ///   - host: Where to listen, in place of the application's address.
    ///   - port: The port, in place of the application's; 0 for any that is free.
    ///   - files: The certificate and its key.
    /// - Throws: `CancellationError` when its task is cancelled. Any other error ends the process with status 1.
    public func run(host: String? = nil, port: Int? = nil, tls files: CertificateFiles) async throws {
        try await self.run(host: host, port: port, over: .tls(files))
    }

    /// Serves the application over HTTPS, and throws the error that keeps it from starting.
    ///
    /// - Parameters:
    ///   - host: Where to listen, in place of the application's address.
    ///   - port: The port, in place of the application's; 0 for any that is free.
    ///   - files: The certificate and its key.
    /// - Throws: What `serve(host:port:)` throws, and `AppError` for files that cannot be used.
    public func serve(host: String? = nil, port: Int? = nil, tls files: CertificateFiles) async throws {
        try await self.serve(host: host, port: port, over: .tls(files))
    }
}

extension ServerTransport {
    fileprivate static func tls(_ files: CertificateFiles) -> ServerTransport {
        let served = ServedCertificate(files)
        return .secure(
            { server in try .tls(server, tlsConfiguration: try served.start()) },
            beside: { logger in await served.follow(logger: logger) })
    }
}
