// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import Sessions
import Synchronization

/// A store in memory that has one trouble, from the moment on that a test turns it on.
final class TroubledStore: SessionStore {
    enum Trouble {
        /// A record is read after its end, too.
        case keepsTheExpired
        /// The client hangs up when its record has been read, and what is cancelled is not written.
        case hangsUpAfterReading
        case cannotRemove
    }

    struct Failure: Error {}

    private let base: any SessionStore = MemoryStore()
    private let trouble: Trouble
    private let isOn: Mutex<Bool>

    init(_ trouble: Trouble, isOn: Bool = true) {
        self.trouble = trouble
        self.isOn = Mutex(isOn)
    }

    func turnOn() { self.isOn.withLock { $0 = true } }

    private func has(_ trouble: Trouble) -> Bool { self.trouble == trouble && self.isOn.withLock { $0 } }

    func read(_ id: SessionID, at now: Date) async throws -> SessionRecord? {
        let record = try await self.base.read(id, at: self.has(.keepsTheExpired) ? .distantPast : now)
        if self.has(.hangsUpAfterReading) { withUnsafeCurrentTask { $0?.cancel() } }
        return record
    }

    func write(_ record: SessionRecord, replacing version: Int?, at now: Date) async throws -> Bool {
        if self.has(.hangsUpAfterReading) { try Task.checkCancellation() }
        return try await self.base.write(record, replacing: version, at: now)
    }

    func remove(_ id: SessionID, ifVersion version: Int?) async throws -> Bool {
        if self.has(.cannotRemove) { throw Failure() }
        return try await self.base.remove(id, ifVersion: version)
    }

    func removeExpired(at now: Date, limit: Int) async throws -> Int {
        try await self.base.removeExpired(at: now, limit: limit)
    }

    func ids(ofUser user: String, at now: Date) async throws -> [SessionID] {
        try await self.base.ids(ofUser: user, at: now)
    }
}
