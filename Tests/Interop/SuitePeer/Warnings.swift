// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Logging
import Synchronization

/// Collects what is logged as a warning, which Flask raises as Python's warnings.
final class Warnings: LogHandler {
    private let collected = Mutex<[String]>([])

    var messages: [String] { self.collected.withLock { $0 } }

    func clear() {
        self.collected.withLock { $0 = [] }
    }

    var logLevel: Logger.Level {
        get { .warning }
        set {}
    }

    var metadata: Logger.Metadata {
        get { [:] }
        set {}
    }

    subscript(metadataKey _: String) -> Logger.Metadata.Value? {
        get { nil }
        set {}
    }

    func log(event: LogEvent) {
        self.collected.withLock { $0.append("\(event.message)") }
    }
}
