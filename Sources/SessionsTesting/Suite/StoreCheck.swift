// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// A fact about a store, and the code that checks it.
struct StoreCheck: Sendable {
    let name: String
    let body: @Sendable (StoreTrial) async throws -> Void

    init(_ name: String, _ body: @escaping @Sendable (StoreTrial) async throws -> Void) {
        self.name = name
        self.body = body
    }
}
