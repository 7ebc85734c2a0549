// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dewar
import Logging

/// Runs an application on a free port for as long as the closure takes, which gets the URL that the server announces.
func withServer<Result: Sendable>(
    sessions: SessionConfiguration = .flask, _ define: (App) -> Void = { _ in },
    _ body: @Sendable @escaping (String) async throws -> Result
) async throws -> Result {
    let (lines, continuation) = AsyncStream.makeStream(of: String.self)
    let app = App(
        secretKey: .forTests, sessions: sessions,
        logger: Logger(label: "test") { _ in AnnouncementHandler(lines: continuation) })
    define(app)
    return try await withThrowingTaskGroup(of: Result?.self) { group in
        group.addTask {
            defer { continuation.finish() }
            try await app.serve(port: 0)
            return nil
        }
        group.addTask {
            for await line in lines where line.hasPrefix("Running on ") {
                return try await body(String(line.split(separator: " ")[2]))
            }
            return nil
        }
        defer { group.cancelAll() }
        while let result = try await group.next() {
            if let result { return result }
        }
        throw Mishap()
    }
}

/// Hands on every line of a log.
private struct AnnouncementHandler: LogHandler {
    let lines: AsyncStream<String>.Continuation
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.info

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { self.metadata[key] }
        set { self.metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        self.lines.yield("\(event.message)")
    }
}
