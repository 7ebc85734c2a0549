// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

/// The engine that a Swift service shares with a Flask-Session application: keys with values and times to live, as
/// Redis has them.
///
/// It knows nothing of sessions; `SessionsRedis` has one for Redis. The keys are as good as passwords, because
/// Flask-Session keeps its ids in clear: neither they nor values belong in logs or in the descriptions of errors.
///
/// An engine that is out of reach throws. It never answers "absent" for "unknown". Each operation is atomic.
///
/// ```swift
/// let sessions = try SessionManager(keys: nil, configuration: .flaskSession(in: storage))
/// ```
///
/// This engine keeps its values in the memory of the process, for tests:
///
/// ```swift
/// actor MemoryStorage: FlaskSessionStorage {
///     private var entries: [String: (value: [UInt8], end: ContinuousClock.Instant)] = [:]
///
///     func value(of key: String) -> [UInt8]? {
///         guard let entry = self.entries[key], entry.end > ContinuousClock.now else { return nil }
///         return entry.value
///     }
///
///     func set(_ value: [UInt8], for key: String, secondsToLive seconds: Int, mustExist: Bool) -> Bool {
///         guard !mustExist || self.value(of: key) != nil else { return false }
///         self.entries[key] = (value: value, end: ContinuousClock.now.advanced(by: .seconds(seconds)))
///         return true
///     }
///
///     func extendLife(of key: String, secondsToLive seconds: Int) -> Bool {
///         guard let value = self.value(of: key) else { return false }
///         return self.set(value, for: key, secondsToLive: seconds, mustExist: true)
///     }
///
///     func remove(_ key: String) -> Bool {
///         let isThere = self.value(of: key) != nil
///         self.entries[key] = nil
///         return isThere
///     }
/// }
/// ```
public protocol FlaskSessionStorage: Sendable {
    /// The value under a key, or nil when there is none or its time is over (`GET key`).
    func value(of key: String) async throws -> [UInt8]?

    /// Puts a value under a key, in place of any that is there (`SET key value EX seconds`).
    ///
    /// - Parameters:
    ///   - value: Any bytes.
    ///   - key: Any text.
    ///   - seconds: After how many seconds the key is absent again; at least one.
    ///   - mustExist: Whether there must be a value already (`XX`), so that nothing comes back that was removed.
    /// - Returns: False, with nothing changed, when there must be a value and there is none.
    func set(_ value: [UInt8], for key: String, secondsToLive seconds: Int, mustExist: Bool) async throws -> Bool

    /// Lets what is under a key live so many seconds from now, and does not touch it otherwise (`EXPIRE key seconds`).
    ///
    /// - Returns: False when there is nothing.
    func extendLife(of key: String, secondsToLive seconds: Int) async throws -> Bool

    /// Removes what is under a key (`DEL key`).
    ///
    /// When the reply is lost it throws and does not try again: the second time there would be nothing, and a session
    /// that is moving to another id would be lost.
    ///
    /// - Returns: Whether there was anything: of several that remove it at once, one gets true.
    func remove(_ key: String) async throws -> Bool
}
