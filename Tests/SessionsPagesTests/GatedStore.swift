// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import Sessions
import Synchronization

/// A store whose scans wait while it is closed, or fail.
final class GatedStore: ScannableSessionStore {
    struct Failure: Error {}

    private struct State {
        var isClosed = false
        var fails = false
        /// The scans that wait until it is opened.
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let base = MemoryStore()
    private let state = Mutex(State())

    var isClosed: Bool {
        get { self.state.withLock { $0.isClosed } }
        set {
            let waiting = self.state.withLock { state in
                state.isClosed = newValue
                guard !newValue else { return [CheckedContinuation<Void, Never>]() }
                defer { state.waiting = [] }
                return state.waiting
            }
            for scan in waiting { scan.resume() }
        }
    }

    var fails: Bool {
        get { self.state.withLock { $0.fails } }
        set { self.state.withLock { $0.fails = newValue } }
    }

    func scan(after cursor: SessionScanCursor?, limit: Int, at now: Date) async throws -> SessionPage {
        await withCheckedContinuation { continuation in
            let isOpen = self.state.withLock { state in
                if state.isClosed { state.waiting.append(continuation) }
                return !state.isClosed
            }
            if isOpen { continuation.resume() }
        }
        if self.fails { throw Failure() }
        return try self.base.scan(after: cursor, limit: limit, at: now)
    }

    func read(_ id: SessionID, at now: Date) -> SessionRecord? { self.base.read(id, at: now) }

    func write(_ record: SessionRecord, replacing version: Int?, at now: Date) -> Bool {
        self.base.write(record, replacing: version, at: now)
    }

    func remove(_ id: SessionID, ifVersion version: Int?) -> Bool { self.base.remove(id, ifVersion: version) }

    func removeExpired(at now: Date, limit: Int) -> Int { self.base.removeExpired(at: now, limit: limit) }

    func ids(ofUser user: String, at now: Date) -> [SessionID] { self.base.ids(ofUser: user, at: now) }
}
