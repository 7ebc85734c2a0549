// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import TestSupport
import Testing

@testable import Sessions
@testable import SessionsMigration

/// A store fails, or a process dies, at any step of anything.
@Suite struct MigratingFailureTests {
    static let starts: [(phase: MigrationPhase, start: MigrationScene.Start)] = [
        (.fill, .inOld), (.fill, .inNew), (.fill, .leavingNew),
        (.both, .inOld), (.both, .inNew), (.both, .leavingOld), (.both, .leavingNew),
        (.drain, .inOld), (.drain, .inNew), (.drain, .leavingOld),
    ]

    private static let now = SampleRecords.now

    /// Does something with the call after so many failing, until it takes fewer calls than that.
    private static func atEveryStep(
        of phase: MigrationPhase, _ start: MigrationScene.Start,
        _ body: (MigratingStore, MigrationScene, SessionRecord, CallFuse) async throws -> Void
    ) async throws {
        for moment in CallFuse.Moment.allCases {
            for calls in 0..<30 {
                let scene = MigrationScene()
                let fuse = CallFuse()
                let store = MigratingStore(from: fuse.store(scene.old), to: fuse.store(scene.new), phase: phase)
                let record = SampleRecords.record(version: 5, contents: "first", user: "alice")
                try await scene.begin(record, start, at: Self.now)
                fuse.blow(after: calls, moment)
                try await body(store, scene, record, fuse)
                fuse.mend()
            }
        }
    }

    @Test(arguments: MigratingFailureTests.starts)
    func aWriteThatFailsLeavesTheSession(_ phase: MigrationPhase, _ start: MigrationScene.Start) async throws {
        try await Self.atEveryStep(of: phase, start) { store, scene, record, fuse in
            var next = SampleRecords.record(version: 6, contents: "second", user: "alice")
            let isDone = try? await store.write(next, replacing: 5, at: Self.now)
            fuse.mend()
            #expect(isDone != false)
            for other in [phase, .both] {
                let found = try await scene.store(.migrating(other)).read(record.id, at: Self.now)
                #expect(found == next || (isDone == nil && found == record), "\(other)")
            }
            // And it goes on, in this phase or in the one in the middle.
            let present = try #require(try await store.read(record.id, at: Self.now))
            next.version = present.version + 1
            #expect(try await scene.store(.migrating(.both)).write(next, replacing: present.version, at: Self.now))
            #expect(try await store.read(record.id, at: Self.now) == next)
            #expect(try await store.ids(ofUser: "alice", at: Self.now) == [record.id])
        }
    }

    @Test(arguments: MigratingFailureTests.starts)
    func whatWasRemovedStaysAway(_ phase: MigrationPhase, _ start: MigrationScene.Start) async throws {
        try await Self.atEveryStep(of: phase, start) { store, scene, record, fuse in
            let isDone = try? await store.remove(record.id, ifVersion: nil)
            fuse.mend()
            #expect(isDone != false)
            if isDone == nil { try await store.remove(record.id) }
            for other in MigrationPhase.allCases {
                let other = scene.store(.migrating(other))
                #expect(try await other.read(record.id, at: Self.now) == nil)
                #expect(try await other.ids(ofUser: "alice", at: Self.now) == [])
                #expect(try await !other.write(record, replacing: 4, at: Self.now))
                #expect(try await !other.write(record, replacing: 5, at: Self.now))
            }
            for rest in [
                try await scene.old.read(record.id, at: Self.now), try await scene.new.read(record.id, at: Self.now),
            ] {
                // A copy may be left, which is nobody's session.
                if let rest { #expect(RecordCopy(stored: rest) != nil) }
            }
        }
    }

    @Test(arguments: MigratingFailureTests.starts)
    func aSessionThatIsBroughtHomeIsNotLostOnTheWay(_ phase: MigrationPhase, _ start: MigrationScene.Start) async throws
    {
        try await Self.atEveryStep(of: phase, start) { store, scene, record, fuse in
            _ = try? await store.bringHome(record.id, at: Self.now)
            fuse.mend()
            #expect(try await store.read(record.id, at: Self.now) == record)
            let isHome = try await store.bringHome(record.id, at: Self.now)
            #expect(isHome || phase == .both)
            guard phase != .both else { return }
            let home = phase == .fill ? scene.old : scene.new
            #expect(try await home.read(record.id, at: Self.now) == record)
        }
    }

    @Test(arguments: MigrationPhase.allCases)
    func aNewSessionIsThereOrNot(_ phase: MigrationPhase) async throws {
        try await Self.atEveryStep(of: phase, .nowhere) { store, scene, record, fuse in
            let isDone = try? await store.write(record, replacing: nil, at: Self.now)
            fuse.mend()
            #expect(isDone != false)
            for other in [phase, .both] {
                let found = try await scene.store(.migrating(other)).read(record.id, at: Self.now)
                #expect(found == record || (isDone == nil && found == nil))
            }
        }
    }

    /// Sessions at home need the other store for nothing.
    @Test(arguments: MigrationPhase.allCases)
    func theOtherStoreMayBeDown(_ phase: MigrationPhase) async throws {
        let scene = MigrationScene()
        let (old, new) = (OutageStore(scene.old), OutageStore(scene.new))
        let log = LogRecorder()
        let store = MigratingStore(from: old, to: new, phase: phase, logger: log.logger)
        (phase == .drain ? old : new).mode = .unreachable
        let record = SampleRecords.record(user: "alice")
        #expect(try await store.write(record, replacing: nil, at: Self.now))
        #expect(try await store.read(record.id, at: Self.now) == record)
        let next = SampleRecords.record(version: 2, user: "alice")
        #expect(try await store.write(next, replacing: 1, at: Self.now))
        #expect(try await !store.write(next, replacing: 1, at: Self.now))
        #expect(try await store.removeExpired(at: Self.now, limit: 10) == 0)
        #expect(store.progress.failedCopies >= 2)
        #expect(try await !store.remove(record.id, ifVersion: 1))
        #expect(try await store.remove(record.id, ifVersion: 2))
        #expect(log.warnings == 1)
        (phase == .drain ? old : new).mode = .working
        #expect(try await store.read(record.id, at: Self.now) == nil)
    }

    /// "Unknown" is never "absent": what may live in the store that is down cannot be told.
    @Test(arguments: [MigrationPhase.both, .drain])
    func aSessionThatIsNotAtHomeIsUnknownWhileTheOtherStoreIsDown(_ phase: MigrationPhase) async throws {
        let scene = MigrationScene()
        let (old, new) = (OutageStore(scene.old), OutageStore(scene.new))
        let store = MigratingStore(from: old, to: new, phase: phase)
        let record = SampleRecords.record(user: "alice")
        try await scene.begin(record, phase == .drain ? .inOld : .inNew, at: Self.now)
        (phase == .drain ? old : new).mode = .unreachable
        await #expect(throws: OutageStore.Unreachable.self) { try await store.read(record.id, at: Self.now) }
        await #expect(throws: OutageStore.Unreachable.self) { try await store.remove(record.id) }
        await #expect(throws: OutageStore.Unreachable.self) { try await store.ids(ofUser: "alice", at: Self.now) }
    }

    @Test(.timeLimit(.minutes(1)), arguments: MigratingFailureTests.starts)
    func aStoreThatRefusesWhatItGivesIsAnError(_ phase: MigrationPhase, _ start: MigrationScene.Start) async throws {
        let scene = MigrationScene()
        let (old, new) = (OutageStore(scene.old), OutageStore(scene.new))
        let store = MigratingStore(from: old, to: new, phase: phase)
        try await scene.begin(SampleRecords.record(version: 5), start, at: Self.now)
        old.mode = .refusing
        new.mode = .refusing
        await #expect(throws: StoreFault.refusal) {
            try await store.write(SampleRecords.record(version: 6), replacing: 5, at: Self.now)
        }
    }
}
