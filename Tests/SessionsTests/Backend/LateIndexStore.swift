// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions
import Synchronization

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A store whose lists of users can be late, in parts, or out of reach.
final class LateIndexStore: SessionStore {
    struct Unreachable: Error {}

    private let store = MemoryStore()
    private let state = Mutex((hidden: 0, longest: Int.max, fails: false, isBusy: false))

    /// How many lists are still to come out empty.
    var hiddenLists: Int {
        get { self.state.withLock { $0.hidden } }
        set { self.state.withLock { $0.hidden = newValue } }
    }

    /// How many ids a list has at most.
    var longestList: Int {
        get { self.state.withLock { $0.longest } }
        set { self.state.withLock { $0.longest = newValue } }
    }

    /// Whether somebody else always writes between reading a session and removing it.
    var isBusy: Bool {
        get { self.state.withLock { $0.isBusy } }
        set { self.state.withLock { $0.isBusy = newValue } }
    }

    var failsLists: Bool {
        get { self.state.withLock { $0.fails } }
        set { self.state.withLock { $0.fails = newValue } }
    }

    var count: Int { self.store.count }

    func read(_ id: SessionID, at now: Date) -> SessionRecord? { self.store.read(id, at: now) }

    func write(_ record: SessionRecord, replacing version: Int?, at now: Date) -> Bool {
        self.store.write(record, replacing: version, at: now)
    }

    func remove(_ id: SessionID, ifVersion version: Int?) -> Bool {
        guard version == nil || !self.isBusy else { return false }
        return self.store.remove(id, ifVersion: version)
    }

    func removeExpired(at now: Date, limit: Int) -> Int { self.store.removeExpired(at: now, limit: limit) }

    func ids(ofUser user: String, at now: Date) throws -> [SessionID] {
        let isHidden = try self.state.withLock { state in
            guard !state.fails else { throw Unreachable() }
            guard state.hidden > 0 else { return false }
            state.hidden -= 1
            return true
        }
        return isHidden ? [] : Array(self.store.ids(ofUser: user, at: now).prefix(self.longestList))
    }
}
