// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import Sessions
import Synchronization

/// A fuse in front of several stores: their calls are counted together, and one of them fails.
final class CallFuse: Sendable {
    struct Blown: Error {}

    enum Moment: Sendable, CaseIterable {
        /// The call does nothing.
        case before
        /// The call is done, and its answer lost.
        case after
    }

    private let left = Mutex<(calls: Int, moment: Moment)?>(nil)

    /// Lets so many calls through and fails the next.
    func blow(after calls: Int, _ moment: Moment) {
        self.left.withLock { $0 = (calls, moment) }
    }

    func mend() {
        self.left.withLock { $0 = nil }
    }

    /// Whether the call that was to fail has come.
    var hasBlown: Bool { self.left.withLock { $0.map { $0.calls < 0 } ?? false } }

    func store(_ base: any SessionStore) -> any SessionStore { Store(base: base, fuse: self) }

    private func run<Value>(_ call: () async throws -> Value) async throws -> Value {
        let moment = self.left.withLock { left -> Moment? in
            left?.calls -= 1
            return left.flatMap { $0.calls == -1 ? $0.moment : nil }
        }
        if moment == .before { throw Blown() }
        let value = try await call()
        if moment == .after { throw Blown() }
        return value
    }

    private struct Store: SessionStore {
        let base: any SessionStore
        let fuse: CallFuse

        func read(_ id: SessionID, at now: Date) async throws -> SessionRecord? {
            try await self.fuse.run { try await self.base.read(id, at: now) }
        }

        func write(_ record: SessionRecord, replacing version: Int?, at now: Date) async throws -> Bool {
            try await self.fuse.run { try await self.base.write(record, replacing: version, at: now) }
        }

        func remove(_ id: SessionID, ifVersion version: Int?) async throws -> Bool {
            try await self.fuse.run { try await self.base.remove(id, ifVersion: version) }
        }

        func removeExpired(at now: Date, limit: Int) async throws -> Int {
            try await self.fuse.run { try await self.base.removeExpired(at: now, limit: limit) }
        }

        func ids(ofUser user: String, at now: Date) async throws -> [SessionID] {
            try await self.fuse.run { try await self.base.ids(ofUser: user, at: now) }
        }
    }
}
