// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

public import Dewar
import HummingbirdCore
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
    /// With `http2`, the server speaks HTTP/2 (RFC 9113) to clients that offer it in the handshake. A connection may then
    /// have 100 requests under way at once, each of them within the same limits; it counts as one of
    /// `maximumConnections`.
    ///
    /// - Parameters:
    ///   - host: Where to listen, in place of the application's address.
    ///   - port: The port, in place of the application's; 0 for any that is free.
    ///   - files: The certificate and its key.
    ///   - http2: Whether clients may speak HTTP/2.
    /// - Throws: `CancellationError` when its task is cancelled. Any other error ends the process with status 1.
    public func run(
        host: String? = nil, port: Int? = nil, tls files: CertificateFiles, http2: Bool = false
    ) async throws {
        try await self.run(host: host, port: port, over: .tls(files, http2: http2))
    }

    /// Serves the application over HTTPS, and throws the error that keeps it from starting.
    ///
    /// - Parameters:
    ///   - host: Where to listen, in place of the application's address.
    ///   - port: The port, in place of the application's; 0 for any that is free.
    ///   - files: The certificate and its key.
    ///   - http2: Whether clients may speak HTTP/2.
    /// - Throws: What `serve(host:port:)` throws, and `AppError` for files that cannot be used.
    public func serve(
        host: String? = nil, port: Int? = nil, tls files: CertificateFiles, http2: Bool = false
    ) async throws {
        try await self.serve(host: host, port: port, over: .tls(files, http2: http2))
    }
}

extension ServerTransport {
    fileprivate static func tls(_ files: CertificateFiles, http2: Bool) -> ServerTransport {
        let served = ServedCertificate(files, protocols: http2 ? NegotiatedChannel.protocols : ["http/1.1"])
        return .secure(
            { server in try .tls(server, tlsConfiguration: try served.start()) },
            speaking: { app in http2 ? NegotiatedChannel(app) as any ServerChildChannel : app },
            beside: { logger in await served.follow(logger: logger) })
    }
}
