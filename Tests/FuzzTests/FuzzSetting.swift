// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dewar
import Foundation
import Logging

@testable import Sessions

/// What the targets share: keys, a time, a session's name, a server's limits.
enum FuzzSetting {
    static let keys = SecretKeys(
        "a key of the fuzzer, long enough", fallbacks: ["another key of the fuzzer, long enough"])
    static let now = 1_700_000_000
    static let cookieName = "__Host-session"
    static let lifetime = SessionLifetime.standard
    static let clockSkew = 60
    /// The same bytes each time, so that an input does the same each time.
    static let random = SessionRandom { [UInt8](repeating: 0x5A, count: $0) }
    static let id = SessionID(using: Self.random)

    static let moment = Date(timeIntervalSince1970: Double(Self.now))

    /// Those of a server that says nothing else, but for a head that inputs are long enough to exceed.
    static let serverLimits = {
        var limits = ServerLimits()
        limits.maximumHeaderSize = 512
        return limits
    }()
    /// The seconds of the longest of these limits (``ServerLimits/keepAliveTimeout``).
    static let longestTimeout = 75

    static let logger = Logger(label: "fuzz") { _ in SwiftLogNoOpLogHandler() }
}
