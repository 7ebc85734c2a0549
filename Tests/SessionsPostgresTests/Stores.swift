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
