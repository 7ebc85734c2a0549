// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

extension SessionManager {
    /// Goes on under other keys, without a restart.
    ///
    /// ```swift
    /// try sessions.reload(keys: SecretKeys(new, fallbacks: [old]))
    /// ```
    ///
    /// From the next cookie on the new keys sign. A request in flight finishes: its cookie is read under the keys of its
    /// arrival, and its session is written under the new ones. Nothing else begins anew: the store, the counters, the
    /// purging stay.
    ///
    /// - Throws: ``SessionError`` when a key could be guessed, or when the manager began without a key; the keys are
    ///   then those that they were.
    public func reload(keys: SecretKeys) throws(SessionError) {
        guard !keys.current.isEmpty else {
            throw SessionError(.noSecretKey, "The key that is to sign is empty; the keys stay as they were.")
        }
        try Self.check(keys, allowsWeak: self.configuration.allowsWeakKeys, logger: self.logger)
        try self.slot.rekey(keys.watched(by: self.watch))
    }

    /// Whether there were other keys, and these are used from now on.
    func loadIfChanged(_ keys: SecretKeys) throws(SessionError) -> Bool {
        guard keys != self.slot.keys else { return false }
        try self.reload(keys: keys)
        return true
    }
}
