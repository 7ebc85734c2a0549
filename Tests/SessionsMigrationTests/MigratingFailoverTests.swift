// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import SessionsTesting
import TestSupport
import Testing

@testable import Sessions
@testable import SessionsMigration

/// One of the two stores has failed over to a replica that had not heard of its last writes.
@Suite struct MigratingFailoverTests {
    private static let now = SampleRecords.now

    /// A session, in the old store in one version and in the new one in another.
    private static func twice(_ old: Int, _ new: Int) async throws -> MigrationScene {
        let scene = MigrationScene()
        for (store, version) in [(scene.old, old), (scene.new, new)] {
            let record = SampleRecords.record(version: version, contents: "\(version)", user: "alice")
            _ = try await store.write(record, replacing: nil, at: Self.now)
        }
        return scene
    }

    /// The store of a session has lost versions of which the other has a copy.
    @Test(arguments: [MigrationPhase.drain, .fill])
    func aCopyOfALostVersionStopsNoMove(_ phase: MigrationPhase) async throws {
        let scene = MigrationScene()
        let (home, other) = phase == .drain ? (scene.new, scene.old) : (scene.old, scene.new)
        let lost = RecordCopy(of: SampleRecords.record(version: 5, contents: "lost"), using: .system).stored
        _ = try await home.write(lost, replacing: nil, at: Self.now)
        _ = try await other.write(SampleRecords.record(version: 3), replacing: nil, at: Self.now)
        let next = SampleRecords.record(version: 4, contents: "next")
        #expect(try await scene.store(.migrating(phase)).write(next, replacing: 3, at: Self.now))
        #expect(try await home.read(next.id, at: Self.now) == next)
        for other in [phase, .both] {
            #expect(try await scene.store(.migrating(other)).read(next.id, at: Self.now) == next)
        }
    }

    @Test(arguments: MigrationPhase.allCases)
    func aSignOutEndsWhatAFailoverHasBroughtBack(_ phase: MigrationPhase) async throws {
        for (old, new) in [(3, 5), (5, 3)] {
            let scene = try await Self.twice(old, new)
            let id = SampleRecords.record().id
            #expect(try await scene.store(.migrating(phase)).remove(id, ifVersion: nil))
            #expect(try await scene.old.read(id, at: Self.now) == nil)
            #expect(try await scene.new.read(id, at: Self.now) == nil)
        }
    }

    /// Another process writes what is to be removed.
    @Test func aSignOutEndsWhatAFailoverHasBroughtBackAlsoIfItIsWrittenMeanwhile() async throws {
        let scene = try await Self.twice(3, 5)
        let id = SampleRecords.record().id
        let old = MeddlingStore(scene.old)
        old.beforeNextRemoval {
            _ = try await scene.old.write(SampleRecords.record(version: 4), replacing: 3, at: Self.now)
        }
        #expect(try await MigratingStore(from: old, to: scene.new, phase: .drain).remove(id, ifVersion: nil))
        #expect(try await scene.old.read(id, at: Self.now) == nil)
    }

    /// A sign-out that leaves it there must not be answered as one that is done.
    @Test func aSignOutThatCannotRemoveItFailsAndIsDoneByTheNext() async throws {
        let scene = try await Self.twice(3, 5)
        let id = SampleRecords.record().id
        let old = MeddlingStore(scene.old)
        old.beforeNextRemoval { throw CallFuse.Blown() }
        let store = MigratingStore(from: old, to: scene.new, phase: .drain)
        await #expect(throws: CallFuse.Blown.self) { try await store.remove(id, ifVersion: nil) }
        #expect(try await store.remove(id, ifVersion: nil))
        #expect(try await scene.old.read(id, at: Self.now) == nil)
    }

    @Test(arguments: [MigrationPhase.drain, .fill])
    func aWriteAtHomeReplacesWhatAFailoverHasBroughtBack(_ phase: MigrationPhase) async throws {
        let isDrain = phase == .drain
        let scene = try await isDrain ? Self.twice(3, 5) : Self.twice(5, 3)
        let next = SampleRecords.record(version: 6, contents: "next")
        #expect(try await scene.store(.migrating(phase)).write(next, replacing: 5, at: Self.now))
        let rest = try await (isDrain ? scene.old : scene.new).read(next.id, at: Self.now)
        #expect(rest.flatMap(RecordCopy.init(stored:))?.record == next)
        #expect(try await scene.store(.migrating(.both)).read(next.id, at: Self.now) == next)
    }

    /// In `.both` a session may just have moved to the other store, by a process in `.drain`.
    @Test func aWriteInBothReplacesNoSession() async throws {
        let scene = try await Self.twice(3, 5)
        let next = SampleRecords.record(version: 4, contents: "next")
        #expect(try await scene.store(.migrating(.both)).write(next, replacing: 3, at: Self.now))
        #expect(try await scene.new.read(next.id, at: Self.now)?.version == 5)
    }
}
