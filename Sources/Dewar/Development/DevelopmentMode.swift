// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import HTTPTypes
import HummingbirdCore
import NIOCore
import Synchronization

/// Whether error pages say what their developer wants to know, which no visitor may see.
///
/// It is off until the server is known to listen on a loopback address, which no other machine can reach.
final class DevelopmentMode: Sendable {
    private let isOn: Atomic<Bool>

    init(isOn: Bool = false) {
        self.isOn = Atomic(isOn)
    }

    /// Turns it on, if the server listens where only this machine can connect.
    ///
    /// - Returns: Whether it is on.
    func turnOn(for listening: SocketAddress?) -> Bool {
        let isLoopback = listening?.isLoopback ?? false
        self.isOn.store(isLoopback, ordering: .relaxed)
        return isLoopback
    }

    /// Whether the request may be one of the developer at this machine. One that a proxy passes on is not; nor is one
    /// for a public name, which another site's DNS can point at this machine.
    func shows(to request: Request) -> Bool {
        guard self.isOn.load(ordering: .relaxed) else { return false }
        // As it was sent: `request.host` is the base URL's, if there is one.
        let asked = request.content.request.head.authority ?? ""
        guard let host = HostField(asked), host.isLoopback else { return false }
        return !request.headers.contains { Self.forwarding.contains($0.name.canonicalName) }
    }

    private static let forwarding: Set<String> = [
        "forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-port", "x-forwarded-prefix",
        "x-forwarded-proto", "x-forwarded-server", "x-real-ip",
    ]
}

extension SocketAddress {
    fileprivate var isLoopback: Bool {
        guard let text = self.ipAddress else { return false }
        return text == "::1" || text.utf8.starts(with: "127.".utf8)
    }
}

extension HostField {
    fileprivate var isLoopback: Bool {
        self.name == "localhost" || self.name == "[::1]" || self.name.hasSuffix(".localhost") || self.isLoopbackNumber
    }

    /// `127.0.0.1` and its like; not a name such as `127.0.0.1.example`.
    private var isLoopbackNumber: Bool {
        let parts = self.name.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }
}
