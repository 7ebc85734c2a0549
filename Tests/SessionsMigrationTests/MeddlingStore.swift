// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import Sessions
import Synchronization

/// A store in which another process does something just before the next call of a kind.
final class MeddlingStore: SessionStore {
    typealias Meddling = @Sendable () async throws -> Void

    private let base: any SessionStore
    private let meddlings = Mutex<(read: Meddling?, removal: Meddling?)>((nil, nil))

    init(_ base: any SessionStore) {
        self.base = base
    }

    func beforeNextRead(_ body: @escaping Meddling) { self.meddlings.withLock { $0.read = body } }

    func beforeNextRemoval(_ body: @escaping Meddling) { self.meddlings.withLock { $0.removal = body } }

    func read(_ id: SessionID, at now: Date) async throws -> SessionRecord? {
        try await self.meddlings.withLock { $0.read.take() }?()
        return try await self.base.read(id, at: now)
    }

    func write(_ record: SessionRecord, replacing version: Int?, at now: Date) async throws -> Bool {
        try await self.base.write(record, replacing: version, at: now)
    }

    func remove(_ id: SessionID, ifVersion version: Int?) async throws -> Bool {
        try await self.meddlings.withLock { $0.removal.take() }?()
        return try await self.base.remove(id, ifVersion: version)
    }

    func removeExpired(at now: Date, limit: Int) async throws -> Int {
        try await self.base.removeExpired(at: now, limit: limit)
    }

    func ids(ofUser user: String, at now: Date) async throws -> [SessionID] {
        try await self.base.ids(ofUser: user, at: now)
    }
}
