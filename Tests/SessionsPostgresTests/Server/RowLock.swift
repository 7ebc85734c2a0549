// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dispatch
import Sessions
import Synchronization

@testable import SessionsPostgres

/// Another connection that has every row of a session table locked, until it is told to let go.
final class RowLock: Sendable {
    private let gate = DispatchSemaphore(value: 0)
    private let task: Task<Void, any Error>

    init(on schema: String, _ server: PostgresServer) async throws {
        let settings = try ConnectionSettings(server.url, timeout: .seconds(5))
        let (gate, (signal, locked)) = (self.gate, AsyncStream.makeStream(of: Void.self))
        self.task = Task {
            try await BlockingPool(width: 1, label: "test").run {
                defer { locked.finish() }
                let connection = try Connection(settings, statementTimeout: .seconds(60))
                for text in ["BEGIN", "SELECT id FROM \(schema).dewar_sessions FOR UPDATE"] {
                    _ = try connection.run(Statement(text), until: .now + .seconds(60))
                }
                locked.yield()
                gate.wait()
                _ = try connection.run(Statement("COMMIT"), until: .now + .seconds(60))
            }
        }
        for await _ in signal { return }
    }

    func release() async throws {
        self.gate.signal()
        try await self.task.value
    }
}
