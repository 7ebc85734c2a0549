// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import Sessions
import SessionsSimulationKit

/// A store in an actor, with one thing wrong in it. Where it waits, other calls come in.
actor ToyStore: SessionStore {
    enum Flaw: String, CaseIterable, Sendable {
        case none
        /// A write replaces whatever version is there.
        case versionIsNotCompared
        /// It compares the version, waits, and then writes.
        case comparesAndWaits
        /// A write of a version that has been removed creates the record again.
        case removedComesBack
        /// A removal by version removes any version.
        case removesAnyVersion
        case expiresOneMillisecondLate, expiresOneMillisecondEarly
        /// A record that has expired can still be replaced.
        case replacesTheExpired
        /// The purge takes what has a second left.
        case purgesLive
        case purgesOverItsLimit
        /// The purge looks for what has expired, waits, and then removes it, although it has been created again.
        case purgesWhatIsNew
        /// The index learns of a record's first user, and of no other.
        case listsTheFirstUser
        /// The index is written later than the record, and the write does not wait for it.
        case listsLate
        /// The index keeps what was removed.
        case listsTheRemoved
        /// A list with a limit counts what has expired.
        case limitCountsTheExpired
        /// A client that hangs up while the record is written leaves it out of the index.
        case hangUpForgetsIndex
        /// The contents are written, and a moment later the rest.
        case writesInTwoSteps
    }

    private let flaw: Flaw
    private let machine: SimulatedMachine
    private var records: [SessionID: SessionRecord] = [:]
    private var index: [SessionID: String] = [:]

    init(_ flaw: Flaw, _ machine: SimulatedMachine) {
        self.flaw = flaw
        self.machine = machine
    }

    func read(_ id: SessionID, at now: Date) async throws -> SessionRecord? {
        await self.letOthersIn()
        return self.records[id].flatMap { self.isLive($0, at: now) ? $0 : nil }
    }

    func write(_ record: SessionRecord, replacing version: Int?, at now: Date) async throws -> Bool {
        await self.letOthersIn()
        let present = self.records[record.id].flatMap {
            self.flaw == .replacesTheExpired || self.isLive($0, at: now) ? $0 : nil
        }
        let isRight =
            switch self.flaw {
            case .versionIsNotCompared: version == nil ? present == nil : present != nil
            case .removedComesBack: present?.version == version || present == nil
            default: present?.version == version
            }
        guard isRight else { return false }
        if self.flaw == .comparesAndWaits { await self.letOthersIn() }
        if self.flaw == .writesInTwoSteps, let present {
            var half = present
            half.contents = record.contents
            self.records[record.id] = half
            await self.letOthersIn()
        }
        self.records[record.id] = record
        try await self.list(record, isNew: version == nil)
        return true
    }

    private func list(_ record: SessionRecord, isNew: Bool) async throws {
        switch self.flaw {
        case .listsTheFirstUser where !isNew: break
        case .listsLate:
            Task {
                try await self.machine.sleep(for: .milliseconds(20))
                self.index[record.id] = record.user
            }
        case .hangUpForgetsIndex:
            try await self.machine.sleep(for: .microseconds(100))
            self.index[record.id] = record.user
        default: self.index[record.id] = record.user
        }
    }

    func remove(_ id: SessionID, ifVersion version: Int?) async throws -> Bool {
        await self.letOthersIn()
        guard let present = self.records[id] else { return true }
        guard version == nil || present.version == version || self.flaw == .removesAnyVersion else { return false }
        self.records[id] = nil
        if self.flaw != .listsTheRemoved { self.index[id] = nil }
        return true
    }

    func removeExpired(at now: Date, limit: Int) async throws -> Int {
        let time = self.flaw == .purgesLive ? now.addingTimeInterval(1) : now
        let expired = self.records.values.filter { $0.isExpired(at: time) }.map(\.id)
            .sorted { $0.description < $1.description }
        let share = self.flaw == .purgesOverItsLimit ? expired[...] : expired.prefix(limit)
        if self.flaw == .purgesWhatIsNew { try await self.machine.sleep(for: .milliseconds(20)) }
        for id in share {
            self.records[id] = nil
            self.index[id] = nil
        }
        return share.count
    }

    func ids(ofUser user: String, at now: Date) async throws -> [SessionID] {
        await self.letOthersIn()
        return self.ids(under: user).filter { self.isListed($0, at: now) }
    }

    func ids(ofUser user: String, limit: Int, at now: Date) async throws -> [SessionID] {
        await self.letOthersIn()
        let ids = self.ids(under: user)
        guard self.flaw == .limitCountsTheExpired else {
            return Array(ids.filter { self.isListed($0, at: now) }.prefix(max(limit, 1)))
        }
        return ids.prefix(max(limit, 1)).filter { self.isListed($0, at: now) }
    }

    /// A dictionary has another order in each process.
    private func ids(under user: String) -> [SessionID] {
        self.index.filter { $0.value == user }.map(\.key).sorted { $0.description < $1.description }
    }

    private func isListed(_ id: SessionID, at now: Date) -> Bool {
        guard let record = self.records[id] else { return self.flaw == .listsTheRemoved }
        return self.isLive(record, at: now)
    }

    private func isLive(_ record: SessionRecord, at now: Date) -> Bool {
        let error =
            switch self.flaw {
            case .expiresOneMillisecondLate: -0.0005
            case .expiresOneMillisecondEarly: 0.0015
            default: 0.0
            }
        return !record.isExpired(at: now.addingTimeInterval(error))
    }

    /// Stands for anything that a store awaits.
    private func letOthersIn() async { await Task.yield() }
}
