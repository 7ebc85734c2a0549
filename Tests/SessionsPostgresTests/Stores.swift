// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import Sessions
import SessionsPostgres
import TestSupport
import Testing

/// A schema that no other test has.
func newSchema() -> String {
    "s" + UUID().uuidString.replacing("-", with: "").lowercased()
}

/// A store in a schema of its own on the shared server.
func newStore(maximumConnections: Int = 4, timeout: Duration = .seconds(60)) async throws -> PostgresStore {
    let server = try await PostgresServer.shared.value
    return try PostgresStore(
        server.url, schema: newSchema(), maximumConnections: maximumConnections, timeout: timeout)
}

/// Adds one to the number that the first record holds, however often another writer is faster.
func increment(_ store: PostgresStore) async throws {
    while true {
        let old = try #require(try await store.read(.number(1), at: start))
        let number = try #require(Int(String(decoding: old.contents, as: UTF8.self)))
        let new = try record(version: old.version + 1, contents: Array("\(number + 1)".utf8))
        if try await store.write(new, replacing: old.version, at: start) { return }
    }
}

/// Many increments at once through several stores.
func increment(_ stores: [PostgresStore], tasks: Int, times: Int) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
        for store in stores {
            for _ in 0..<tasks { group.addTask { for _ in 0..<times { try await increment(store) } } }
        }
        try await group.waitForAll()
    }
}
