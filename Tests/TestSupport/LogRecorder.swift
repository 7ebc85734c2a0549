// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

public import Logging
import Synchronization

/// A logger that keeps everything it is told, at every level.
public final class LogRecorder: Sendable {
    private let kept = Mutex<[(level: Logger.Level, text: String)]>([])

    public init() {}

    /// The number of warnings and errors.
    public var warnings: Int { self.kept.withLock { $0.count { $0.level >= .warning } } }

    /// Every message with its metadata, a line each.
    public var text: String { self.kept.withLock { $0.map(\.text).joined(separator: "\n") } }

    public var logger: Logger {
        Logger(label: "test") { _ in Handler(recorder: self) }
    }

    private struct Handler: LogHandler {
        let recorder: LogRecorder
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { self.metadata[key] }
            set { self.metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            self.recorder.kept.withLock {
                $0.append((event.level, "\(event.message) \(self.metadata) \(event.metadata ?? [:])"))
            }
        }
    }
}
