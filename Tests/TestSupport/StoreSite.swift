// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Logging
package import Sessions
package import SessionsTesting

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A site with sessions in a store, whose time a test moves and whose log it reads.
package struct StoreSite {
    package static let keys: SecretKeys = "7mQx2vK9rTzB4nWc8jLdY5hPf3GsU6ae"

    package let clock = ManualClock()
    package let store: CountingStore
    package let outages: OutageStore
    package let log = LogRecorder()
    package let sessions: SessionManager

    /// - Parameter store: What stands behind the counting and the outages.
    package init(
        _ store: any SessionStore = MemoryStore(), keys: SecretKeys = Self.keys,
        _ change: (inout SessionConfiguration) -> Void = { _ in }
    ) throws {
        self.outages = OutageStore(store)
        self.store = CountingStore(self.outages)
        var configuration = SessionConfiguration.stored(in: self.store)
        change(&configuration)
        self.sessions = try SessionManager(
            keys: keys, configuration: configuration, clock: self.clock.sessionClock, logger: self.log.logger)
    }

    /// A visitor whose session holds `user = "alice"`.
    package func signedIn() async throws -> SiteVisitor {
        var visitor = self.visitor()
        try await visitor.visit { $0["user"] = "alice" }
        return visitor
    }

    package func visitor(cookie: String? = nil) -> SiteVisitor {
        SiteVisitor(self.sessions, cookie: cookie, logger: self.log.logger)
    }

    /// The record that a visitor's cookie leads to.
    package func record(of visitor: SiteVisitor) async throws -> SessionRecord? {
        guard let id = try await visitor.open().id else { return nil }
        return try await self.store.read(id, at: self.clock.now)
    }
}
