// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import SessionsTesting
import TestSupport
import Testing

@testable import Sessions
@testable import SessionsMigration

@Suite struct MigratingStoreTests {
    private static let now = SampleRecords.now

    // MARK: - Where sessions are

    @Test func fillLeavesTheOldStoreAsItWouldBeAlone() async throws {
        let (scene, alone) = (MigrationScene(), MemoryStore())
        let store = scene.store(.migrating(.fill))
        for target in [store, alone] as [any SessionStore] {
            for version in 1...3 {
                let record = SampleRecords.record(version: version, contents: "\(version)", user: "alice")
                _ = try await target.write(record, replacing: version == 1 ? nil : version - 1, at: Self.now)
            }
        }
        let record = SampleRecords.record()
        #expect(try await scene.old.read(record.id, at: Self.now) == alone.read(record.id, at: Self.now))
        let copy = try #require(try await scene.new.read(record.id, at: Self.now))
        #expect(RecordCopy(stored: copy)?.record == alone.read(record.id, at: Self.now))
    }

    @Test func aWriteMovesASessionHome() async throws {
        for (phase, start) in [(MigrationPhase.drain, MigrationScene.Start.inOld), (.fill, .inNew)] {
            let scene = MigrationScene()
            let store = MigratingStore(from: scene.old, to: scene.new, phase: phase)
            try await scene.begin(SampleRecords.record(), start, at: Self.now)
            let next = SampleRecords.record(version: 2, contents: "next")
            #expect(try await store.write(next, replacing: 1, at: Self.now))
            let (home, other) = phase == .drain ? (scene.new, scene.old) : (scene.old, scene.new)
            #expect(try await home.read(next.id, at: Self.now) == next)
            #expect(try await other.read(next.id, at: Self.now).flatMap(RecordCopy.init(stored:))?.record == next)
            #expect(store.progress.moved == 1)
        }
    }

    @Test func bothMovesNothing() async throws {
        for start in [MigrationScene.Start.inOld, .inNew] {
            let scene = MigrationScene()
            let store = scene.store(.migrating(.both))
            try await scene.begin(SampleRecords.record(), start, at: Self.now)
            let next = SampleRecords.record(version: 2, contents: "next")
            #expect(try await store.write(next, replacing: 1, at: Self.now))
            let place = start == .inOld ? scene.old : scene.new
            #expect(try await place.read(next.id, at: Self.now) == next)
        }
    }

    @Test func bothLeavesATraceInTheOldStoreForTheWayBack() async throws {
        let scene = MigrationScene()
        let record = SampleRecords.record(user: "alice")
        _ = try await scene.new.write(record, replacing: nil, at: Self.now)
        #expect(try await scene.store(.migrating(.fill)).read(record.id, at: Self.now) == nil)
        #expect(try await scene.store(.migrating(.both)).read(record.id, at: Self.now) == record)
        #expect(try await scene.store(.migrating(.fill)).read(record.id, at: Self.now) == record)
    }

    @Test func aUsersSessionsAreThoseOfBothStores() async throws {
        let scene = MigrationScene()
        let starts: [MigrationScene.Start] = [.inOld, .inNew, .leavingOld, .leavingNew]
        for (number, start) in starts.enumerated() {
            try await scene.begin(SampleRecords.record(number, user: "alice"), start, at: Self.now)
        }
        // Copies that are left of sessions that have ended.
        var count = SampleRecords.record(7)
        count.deviceLabel = SessionSummary.labelOfCounts
        #expect(!SessionSummary(RecordCopy(of: count, using: .system).stored).isSession)
        let ended = RecordCopy(of: SampleRecords.record(7, user: "alice"), using: .system).stored
        _ = try await scene.old.write(ended, replacing: nil, at: Self.now)
        let also = RecordCopy(of: SampleRecords.record(8, user: "alice"), destination: 1, using: .system).stored
        _ = try await scene.new.write(also, replacing: nil, at: Self.now)
        for phase in MigrationPhase.allCases {
            let ids = try await scene.store(.migrating(phase)).ids(ofUser: "alice", at: Self.now)
            #expect(Set(ids) == Set((0..<4).map(SampleRecords.id)), "\(phase)")
            #expect(ids.count == 4)
            let some = try await scene.store(.migrating(phase)).ids(ofUser: "alice", limit: 3, at: Self.now)
            #expect(some.count == 3 && Set(some).isSubset(of: ids), "\(phase)")
        }
    }

    @Test func bothStoresArePurged() async throws {
        let scene = MigrationScene()
        let store = scene.store(.migrating(.fill))
        for number in 0..<5 {
            let record = SampleRecords.record(number, expiresIn: -1)
            _ = try await store.write(record, replacing: nil, at: Self.now.addingTimeInterval(-100))
        }
        #expect(try await store.removeExpired(at: Self.now, limit: 3) == 3)
        #expect(try await store.removeExpired(at: Self.now, limit: 3) == 2)
        #expect(try await scene.old.removeExpired(at: Self.now, limit: 9) == 0)
        #expect(try await scene.new.removeExpired(at: Self.now, limit: 9) == 0)
    }

    /// A session that was on its way is removed, and the server dies before what is left in the old store is. A server
    /// that was about to move it, and is late, makes a place for it to arrive at.
    @Test func aPlaceThatIsMadeAfterTheEndBringsNothingBack() async throws {
        let scene = MigrationScene()
        let record = SampleRecords.record(user: "alice")
        try await scene.begin(record, .leavingOld, at: Self.now)
        try await scene.new.remove(record.id)
        let place = RecordCopy(of: record, using: .system).stored
        #expect(try await scene.new.write(place, replacing: nil, at: Self.now))
        for phase in MigrationPhase.allCases {
            let store = MigratingStore(from: scene.old, to: scene.new, phase: phase)
            #expect(try await store.read(record.id, at: Self.now) == nil)
            #expect(try await !store.bringHome(record.id, at: Self.now))
            #expect(try await !store.write(SampleRecords.record(version: 2), replacing: 1, at: Self.now))
        }
    }

    /// A process that has read the session before another wrote it must not take away the place that it leaves for by
    /// now.
    @Test func aLaterPlaceIsLeftAlone() async throws {
        let scene = MigrationScene()
        _ = try await scene.old.write(SampleRecords.record(version: 3), replacing: nil, at: Self.now)
        let later = SampleRecords.record(version: 4, contents: "later")
        let copy = RecordCopy(of: later, using: .system)
        let new = MeddlingStore(scene.new)
        new.beforeNextRead {
            _ = try await scene.old.write(later, replacing: 3, at: Self.now)
            _ = try await scene.new.write(copy.stored, replacing: nil, at: Self.now)
        }
        let store = MigratingStore(from: scene.old, to: new, phase: .drain)
        let present = SampleRecords.record(version: 3)
        #expect(try await !store.move(present, from: .old, writing: SampleRecords.record(version: 4), at: Self.now))
        #expect(try await scene.new.read(later.id, at: Self.now) == copy.stored)
        #expect(try await scene.old.read(later.id, at: Self.now) == later)
    }

    /// Two servers that move one session agree on where it goes.
    @Test func aPlaceThatIsThereIsTaken() async throws {
        let scene = MigrationScene()
        let record = SampleRecords.record()
        try await scene.begin(record, .inOld, at: Self.now)
        let place = RecordCopy(of: record, using: .system)
        _ = try await scene.new.write(place.stored, replacing: nil, at: Self.now)
        let rest = RecordCopy(of: record, destination: place.version, using: .system)
        let fuse = CallFuse()
        let store = MigratingStore(from: scene.old, to: fuse.store(scene.new), phase: .drain)
        // One look, one look at the place, and the arrival is what fails.
        fuse.blow(after: 2, .before)
        await #expect(throws: CallFuse.Blown.self) { try await store.bringHome(record.id, at: Self.now) }
        #expect(try await scene.new.read(record.id, at: Self.now) == place.stored)
        #expect(
            try await scene.old.read(record.id, at: Self.now).flatMap(RecordCopy.init(stored:))?.destination
                == rest.destination)
    }

    // MARK: - Copies

    /// What a server with the new store alone makes of a copy: nothing.
    @Test func aCopyLetsNobodyIn() async throws {
        let scene = MigrationScene()
        let site = try StoreSite(scene.store(.migrating(.fill)))
        let visitor = try await site.signedIn()
        let id = try #require(try await visitor.open().id)
        #expect(try await scene.new.read(id, at: site.clock.now) != nil)
        var configuration = SessionConfiguration.stored(in: scene.new)
        configuration.lifetime = .standard
        let alone = try SessionManager(
            keys: StoreSite.keys, configuration: configuration, clock: site.clock.sessionClock, logger: site.log.logger)
        let cookie = try #require(visitor.cookie)
        #expect(try await alone.open([cookie]).entries.isEmpty)
    }

    @Test func aCopyHoldsAnyRecord() throws {
        var generator = SeededGenerator(seed: 7)
        for destination in [nil, 1 << 62] {
            for _ in 0..<200 {
                let copy = RecordCopy(
                    of: SampleRecords.anything(&generator), destination: destination, using: .system)
                #expect(RecordCopy(stored: copy.stored) == copy)
                #expect(RecordCopy(stored: copy.record) == nil)
            }
        }
    }

    @Test func aDamagedCopyIsNone() {
        let stored = RecordCopy(of: SampleRecords.record(), using: .system).stored
        // All but the destination, which leads nowhere then.
        for index in stored.contents.indices where !(21..<29).contains(index) {
            var damaged = stored
            damaged.contents[index] ^= 0x40
            #expect(RecordCopy(stored: damaged) == nil)
        }
        var other = stored
        other.version += 1
        #expect(RecordCopy(stored: other) == nil)
    }

    // MARK: - Progress

    @Test func theProgressCountsAndWaitsForAnIdleTime() async throws {
        let scene = MigrationScene()
        let log = LogRecorder()
        let store = MigratingStore(from: scene.old, to: scene.new, phase: .drain, logger: log.logger)
        #expect(!store.progress.isComplete(afterIdleTime: .zero, at: Self.now))
        try await scene.begin(SampleRecords.record(1), .inOld, at: Self.now)
        try await scene.begin(SampleRecords.record(2), .inNew, at: Self.now)
        for number in 1...2 { _ = try await store.read(SampleRecords.id(number), at: Self.now) }
        let later = Self.now.addingTimeInterval(100)
        #expect(try await store.write(SampleRecords.record(1, version: 2), replacing: 1, at: later))
        #expect(store.progress.foundInOld == 1)
        #expect(store.progress.foundInNew == 1)
        #expect(store.progress.moved == 1)
        #expect(store.progress.copied == 1)
        #expect(store.progress.lastInOld == Self.now)
        #expect(store.progress.lastWithoutCopy == Self.now)
        #expect(!store.progress.isComplete(afterIdleTime: .seconds(3600), at: Self.now.addingTimeInterval(3599)))
        #expect(store.progress.isComplete(afterIdleTime: .seconds(3600), at: Self.now.addingTimeInterval(3600)))
        _ = try await store.read(SampleRecords.id(2), at: Self.now.addingTimeInterval(200))
        #expect(
            log.text.contains(
                "phase drain: sessions found 1 times in the old store and 1 times in the new one; 1 moved"))
        #expect(log.text.contains("last found in the old store: 2023-11-14T22:13:20Z"))
        #expect(!log.text.contains("alice"))
    }

    @Test func eachPhaseWaitsForWhatItsNextStepWouldLeaveBehind() {
        let times = [Self.now.addingTimeInterval(10), Self.now.addingTimeInterval(20), Self.now.addingTimeInterval(30)]
        for (phase, last) in [(MigrationPhase.drain, times[0]), (.fill, times[1]), (.both, times[2])] {
            var progress = MigrationProgress(phase: phase)
            progress.beganAt = Self.now
            (progress.lastInOld, progress.lastInNew, progress.lastWithoutCopy) = (times[0], times[1], times[2])
            #expect(!progress.isComplete(afterIdleTime: .seconds(60), at: last.addingTimeInterval(59)))
            #expect(progress.isComplete(afterIdleTime: .seconds(60), at: last.addingTimeInterval(60)))
        }
    }

    @Test func aSessionIsMovedByItsID() async throws {
        let scene = MigrationScene()
        let record = SampleRecords.record()
        try await scene.begin(record, .inOld, at: Self.now)
        let store = MigratingStore(from: scene.old, to: scene.new, phase: .drain)
        #expect(try await store.bringHome(record.id, at: Self.now))
        #expect(try await scene.new.read(record.id, at: Self.now) == record)
        #expect(try await store.bringHome(record.id, at: Self.now))
        #expect(try await !store.bringHome(SampleRecords.id(99), at: Self.now))
        let both = MigratingStore(from: scene.old, to: scene.new, phase: .both)
        #expect(try await !both.bringHome(record.id, at: Self.now))
        #expect(try await scene.new.read(record.id, at: Self.now) == record)
    }
}
