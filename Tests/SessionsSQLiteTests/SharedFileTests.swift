// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import GRDB
import Sessions
import SessionsSQLite
import TestSupport
import Testing

@Suite struct SharedFileTests {
    @Test func noneOfManyIncrementsThroughManyStoresIsLost() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("sessions.sqlite")
        // A store has connections of its own, as another process would.
        let stores = try (0..<4).map { _ in try SQLiteStore(path: path, busyTimeout: .seconds(60)) }
        #expect(try await stores[0].write(try record(contents: Array("0".utf8)), replacing: nil, at: start))
        try await increment(stores, tasks: 3, times: 50)
        let counted = try #require(try await stores[0].read(.number(1), at: start))
        #expect(String(decoding: counted.contents, as: UTF8.self) == "600")
        #expect(counted.version == 601)
    }

    @Test func anAppsConnectionsThatDoNotWaitAreMadeToWait() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("app.sqlite")
        // GRDB's default is to fail at once when the database is locked.
        let stores = try (0..<2).map { _ in
            try SQLiteStore(try DatabasePool(path: path), table: "logins", busyTimeout: .seconds(60))
        }
        #expect(try await stores[0].write(try record(contents: Array("0".utf8)), replacing: nil, at: start))
        try await withThrowingTaskGroup(of: Void.self) { group in
            for store in stores { group.addTask { for _ in 0..<100 { try await increment(store) } } }
            try await group.waitForAll()
        }
        #expect(try await stores[1].read(.number(1), at: start)?.version == 201)
    }

    @Test func aNewFileMayBeOpenedByManyAtOnce() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("sessions.sqlite")
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<8 {
                group.addTask {
                    let store = try SQLiteStore(path: path, busyTimeout: .seconds(60))
                    #expect(try await store.write(try record(number), replacing: nil, at: start))
                }
            }
            try await group.waitForAll()
        }
        let store = try SQLiteStore(path: path)
        for number in 0..<8 { #expect(try await store.read(.number(number), at: start) == record(number)) }
    }

    @Test func whatOneStoreWritesAnotherReadsAtOnce() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("sessions.sqlite")
        let (writer, reader) = try (SQLiteStore(path: path), SQLiteStore(path: path))
        for version in 1...200 {
            let record = try record(version: version)
            #expect(try await writer.write(record, replacing: version == 1 ? nil : version - 1, at: start))
            #expect(try await reader.read(record.id, at: start) == record)
        }
        try await writer.remove(.number(1))
        #expect(try await reader.read(.number(1), at: start) == nil)
    }
}
