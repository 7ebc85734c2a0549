// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Logging
import Synchronization

/// What the library logs for one request: the only way in which it says that it has dropped a change.
final class RequestLog: Sendable {
    private let lines = Mutex<[String]>([])

    var logger: Logger { Logger(label: "simulation") { _ in Handler(log: self) } }

    func contains(_ text: String) -> Bool { self.lines.withLock { $0.contains { $0.contains(text) } } }

    /// Whether a change was dropped, because its session had ended or was renewed.
    var hasDropped: Bool { self.contains("were dropped") }

    private struct Handler: LogHandler {
        let log: RequestLog
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.notice

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { self.metadata[key] }
            set { self.metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            self.log.lines.withLock { $0.append("\(event.message)") }
        }
    }
}
