// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dewar
import Logging
import NIOCore
import NIOSSL
import Synchronization

/// The certificate that the server's handshakes use. It is replaced when its files are; connections that are open stay.
final class ServedCertificate: Sendable {
    private struct State {
        /// Nil before the start.
        var pair: CertificatePair?
        /// What has changed since the start.
        var changes = NIOSSLContextConfigurationOverride.noChanges
    }

    private let files: CertificateFiles
    /// The names of the protocols that the handshake offers (ALPN).
    private let protocols: [String]
    private let state = Mutex(State())

    init(_ files: CertificateFiles, protocols: [String]) {
        self.files = files
        self.protocols = protocols
    }

    /// Reads the files for the start.
    ///
    /// - Throws: `AppError` for files that cannot be used.
    func start() throws(AppError) -> TLSConfiguration {
        let pair = try self.files.read()
        self.state.withLock { $0.pair = pair }
        var configuration = pair.configuration
        configuration.applicationProtocols = self.protocols
        configuration.sslContextCallback = { _, promise in promise.succeed(self.state.withLock { $0.changes }) }
        return configuration
    }

    /// Uses another certificate from the next handshake on.
    ///
    /// - Returns: Whether it is another one.
    func use(_ pair: CertificatePair) -> Bool {
        self.state.withLock { state in
            guard pair != state.pair else { return false }
            state.pair = pair
            state.changes = pair.changes
            return true
        }
    }

    /// Reads the files at intervals, and uses what they have become, until the task is cancelled.
    func follow(logger: Logger) async {
        var watcher = CertificateWatcher(files: self.files, served: self, logger: logger)
        repeat {
            await watcher.look()
            do { try await Task.sleep(for: CertificateWatcher.interval) } catch { return }
        } while !Task.isCancelled
    }
}
