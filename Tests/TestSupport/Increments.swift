// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

public import Sessions

/// Adds one to the number that the first record holds, however often another writer is faster.
public func increment(_ store: any SessionStore) async throws {
    while true {
        guard let old = try await store.read(.number(1), at: start),
            let number = Int(String(decoding: old.contents, as: UTF8.self))
        else { throw NoCount() }
        let new = try record(version: old.version + 1, contents: Array("\(number + 1)".utf8))
        if try await store.write(new, replacing: old.version, at: start) { return }
    }
}

/// Many increments at once through several stores.
public func increment(_ stores: [any SessionStore], tasks: Int, times: Int) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
        for store in stores {
            for _ in 0..<tasks { group.addTask { for _ in 0..<times { try await increment(store) } } }
        }
        try await group.waitForAll()
    }
}

private struct NoCount: Error, CustomStringConvertible {
    let description = "The first record is not there, or holds no number."
}
