// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

package import CoreMetrics
package import Logging
package import SessionsSupport
import Synchronization

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Watches keys in use: the clock by which they end, a counter for each, and a warning when a key that ends soon is
/// still used.
///
/// A manager keeps one when it reloads its keys, so that a reload does not repeat a warning.
package final class KeyWatch: Sendable {
    /// For keys that are not watched: they end by the system's clock, and nothing is counted or logged.
    static let silent = KeyWatch(clock: .system)

    let clock: SessionClock
    private let warning: Duration
    private let logger: Logger?
    private let factory: any MetricsFactory
    private let counters = Mutex<[String: Counter]>([:])
    /// The time of each key's last warning, by its fingerprint.
    private let warnings = Mutex<[String: Date]>([:])

    /// - Parameters:
    ///   - warning: How long before the end of a key in use to log a warning.
    ///   - logger: Where warnings go; without one nothing is counted either.
    ///   - factory: Where the counters come from.
    package init(
        clock: SessionClock, warning: Duration = .zero, logger: Logger? = nil,
        factory: any MetricsFactory = MetricsSystem.factory
    ) {
        self.factory = factory
        self.clock = clock
        self.warning = warning
        self.logger = logger
    }

    func watching(_ key: AcceptedKey) -> WatchedKey {
        WatchedKey(key, watch: self, counter: self.counter(of: key.key))
    }

    func noteUse(of key: SecretKey, endingAt end: Date) {
        let now = self.clock.now()
        guard let logger, now >= end.adding(.zero - self.warning) else { return }
        let fingerprint = key.fingerprint
        guard self.isDue(fingerprint, at: now) else { return }
        logger.warning(
            """
            a secret key that ends soon is still in use: sessions under it end with it, unless they are used before
            """, metadata: ["session.key": "\(fingerprint)", "session.key.until": "\(KeyFileDate.text(end))"])
    }

    /// Once an hour for each key.
    private func isDue(_ fingerprint: String, at now: Date) -> Bool {
        self.warnings.withLock { warnings in
            if let last = warnings[fingerprint], now < last.adding(.seconds(60 * 60)), now >= last { return false }
            warnings[fingerprint] = now
            return true
        }
    }

    /// Makes the counter of a key once, however often keys are loaded.
    private func counter(of key: SecretKey) -> Counter? {
        guard self.logger != nil else { return nil }
        let fingerprint = key.fingerprint
        if let counter = self.counters.withLock({ $0[fingerprint] }) { return counter }
        // Outside the lock, because the factory belongs to the application.
        let new = Counter(
            label: "dewar_sessions_key_used_total", dimensions: [("key", fingerprint)], factory: self.factory)
        return self.counters.withLock { counters in
            let counter = counters[fingerprint] ?? new
            counters[fingerprint] = counter
            return counter
        }
    }
}

/// A key in use: whether it is accepted now, and what to do when a token that it made is seen.
package struct WatchedKey: Sendable {
    package let key: SecretKey
    private let end: Date?
    private let watch: KeyWatch
    /// Nil when it is not counted.
    private let counter: Counter?

    init(_ accepted: AcceptedKey, watch: KeyWatch, counter: Counter?) {
        self.key = accepted.key
        self.end = accepted.end
        self.watch = watch
        self.counter = counter
    }

    /// Checked at each use, so that a key ends on time in a server that runs for months.
    package var isAccepted: Bool {
        self.end.map { self.watch.clock.now() < $0 } ?? true
    }

    /// Counts a token that this key made, and warns if the key ends soon.
    package func noteUse() {
        self.counter?.increment()
        if let end = self.end { self.watch.noteUse(of: self.key, endingAt: end) }
    }
}

extension WatchedKey: CustomStringConvertible, CustomReflectable {
    package var description: String { self.key.description }

    package var customMirror: Mirror { Mirror(self, children: ["key": self.key]) }
}
