// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions
import SessionsTesting
import TestSupport
import Testing

@testable import SessionsMigration

/// How many calls to the stores a migration adds, as `docs/MIGRATING.md` says.
@Suite struct MigrationCostTests {
    private static let now = SampleRecords.now

    private let old = CountingStore(MemoryStore())
    private let new = CountingStore(MemoryStore())
    private var scene: MigrationScene { MigrationScene(self.old, self.new) }

    private func store(_ phase: MigrationPhase) -> MigratingStore {
        MigratingStore(from: self.old, to: self.new, phase: phase)
    }

    /// The reads of both stores, and their writes, also those that another version stopped.
    private func calls(_ work: () async throws -> Bool) async throws -> [Int] {
        func all() -> [Int] {
            let reads = self.old.readCount + self.new.readCount
            return [reads, self.old.callCount + self.new.callCount - reads]
        }
        let before = all()
        #expect(try await work())
        return zip(all(), before).map(-)
    }

    /// A write of a store alone is one call; here it is the copy's too.
    @Test(arguments: [(MigrationPhase.fill, [1, 2]), (.both, [2, 2]), (.drain, [2, 2])])
    func aCopyCostsAReadAndAWriteAndANewSessionOneMoreRead(phase: MigrationPhase, begins: [Int]) async throws {
        let store = self.store(phase)
        let first = try await self.calls {
            try await store.write(SampleRecords.record(), replacing: nil, at: Self.now)
        }
        let second = try await self.calls {
            try await store.write(SampleRecords.record(version: 2), replacing: 1, at: Self.now)
        }
        let read = try await self.calls { try await store.read(SampleRecords.id(1), at: Self.now) != nil }
        #expect(first == begins && second == [1, 2] && read == [1, 0])
    }

    /// Beyond the [1, 2] of a write at home: three more reads, and two more writes with the copy that is there, of which
    /// the first is the try at home.
    @Test(arguments: [true, false])
    func aMoveCostsThreeReadsAndTwoOrThreeWrites(hasCopy: Bool) async throws {
        let record = SampleRecords.record()
        if hasCopy {
            #expect(try await self.store(.fill).write(record, replacing: nil, at: Self.now))
        } else {
            try await self.scene.begin(record, .inOld, at: Self.now)
        }
        let store = self.store(.drain)
        let calls = try await self.calls {
            try await store.write(SampleRecords.record(version: 2), replacing: 1, at: Self.now)
        }
        #expect(store.progress.moved == 1)
        #expect(calls == [1 + 3, 2 + (hasCopy ? 2 : 3)])
    }

    @Test func anOldCopyIsReplacedBeforeTheMove() async throws {
        #expect(try await self.store(.fill).write(SampleRecords.record(), replacing: nil, at: Self.now))
        #expect(try await self.old.write(SampleRecords.record(version: 2), replacing: 1, at: Self.now))
        let store = self.store(.drain)
        let calls = try await self.calls {
            try await store.write(SampleRecords.record(version: 3), replacing: 2, at: Self.now)
        }
        #expect(store.progress.moved == 1)
        #expect(calls == [1 + 3, 2 + 3])
    }

    @Test(arguments: MigrationPhase.allCases)
    func aSessionThatIsNotAtHomeCostsOneMoreReadWithEachRequest(phase: MigrationPhase) async throws {
        let record = SampleRecords.record()
        try await self.scene.begin(record, phase == .drain ? .inOld : .inNew, at: Self.now)
        let store = self.store(phase)
        let read = try await self.calls { try await store.read(record.id, at: Self.now) == record }
        #expect(read == [2, 0])
        guard phase == .both else { return }
        let write = try await self.calls {
            try await store.write(SampleRecords.record(version: 2), replacing: 1, at: Self.now)
        }
        // It does not move: two more reads and one more write than at home.
        #expect(write == [1 + 2, 2 + 1])
    }

    @Test func aCopyIsSoMuchLongerThanItsRecord() {
        func growth(_ record: SessionRecord) -> Int {
            let copy = RecordCopy(of: record, using: .system).stored
            return SessionRecordCoder.encode(copy).count - SessionRecordCoder.encode(record).count
        }
        var record = SampleRecords.record()
        record.deviceLabel = nil
        #expect((150...160).contains(growth(record)))
        record.user = "alice"
        record.deviceLabel = "Firefox on Linux"
        #expect((165...175).contains(growth(record) - "alice".utf8.count - "Firefox on Linux".utf8.count))
    }

    // MARK: - A user's list

    /// The page of devices asks for some of the ids of a user who may have very many.
    @Test(arguments: MigrationPhase.allCases)
    func aPartOfAUsersListIsReadInPart(phase: MigrationPhase) async throws {
        let robot = RobotStore()
        let store =
            phase == .drain
            ? MigratingStore(from: self.old, to: robot, phase: phase)
            : MigratingStore(from: robot, to: self.new, phase: phase)
        let ids = try await store.ids(ofUser: RobotStore.robot, limit: 51, at: Self.now)
        #expect(Set(ids).count == 51)
        #expect(robot.wholeListCount == 0)
        #expect(robot.readCount == 51)
    }

    /// A session counts although the ids before it are of copies that outlived their sessions.
    @Test(arguments: MigrationPhase.allCases, 1...6)
    func sessionsBehindCopiesAreFound(phase: MigrationPhase, limit: Int) async throws {
        for number in 0..<5 {
            let ended = RecordCopy(of: SampleRecords.record(number, user: "alice"), using: .system).stored
            #expect(try await self.new.write(ended, replacing: nil, at: Self.now))
            #expect(try await self.old.write(ended, replacing: nil, at: Self.now))
        }
        for number in 10..<14 {
            try await self.scene.begin(
                SampleRecords.record(number, user: "alice"), number < 12 ? .inOld : .inNew, at: Self.now)
        }
        let ids = try await self.store(phase).ids(ofUser: "alice", limit: limit, at: Self.now)
        #expect(ids.count == min(limit, 4) && Set(ids).isSubset(of: (10..<14).map(SampleRecords.id)))
    }
}
