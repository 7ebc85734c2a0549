// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import NIOSSL
import SessionsSupport

/// A certificate with those that have signed it, and its private key.
struct CertificatePair: Equatable, Sendable {
    let chain: [NIOSSLCertificate]
    let key: NIOSSLPrivateKey

    /// TLS 1.2 or 1.3 with ciphers that are authenticated and forward secret.
    var configuration: TLSConfiguration {
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: self.chain.map { .certificate($0) }, privateKey: .privateKey(self.key))
        configuration.minimumTLSVersion = .tlsv12
        configuration.cipherSuites = "ECDHE+AESGCM:ECDHE+CHACHA20"
        return configuration
    }

    /// What a handshake uses in place of what its configuration says.
    var changes: NIOSSLContextConfigurationOverride {
        var changes = NIOSSLContextConfigurationOverride()
        changes.certificateChain = self.chain.map { .certificate($0) }
        changes.privateKey = .privateKey(self.key)
        return changes
    }

    /// When the certificate ends, for the log.
    var end: String {
        guard let last = self.chain.first?.notValidAfter, let time = CivilTime(secondsSince1970: Int(last)) else {
            return "unknown"
        }
        return "\(time.dateText)T\(time.clockText)Z"
    }
}
