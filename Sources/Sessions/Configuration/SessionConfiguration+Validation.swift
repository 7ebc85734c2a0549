// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// What is refused at the start: settings that contradict each other, and those that have no effect where they stand.
extension SessionConfiguration {
    /// Checks what can be checked without a request.
    ///
    /// - Throws: ``SessionError`` with a message that says what to change.
    func validate() throws(SessionError) {
        do {
            try self.cookie.deletion.validate()
        } catch {
            throw SessionError(.invalidConfiguration, "The session cookie cannot be sent: \(error)")
        }
        try Self.validate(self.clockSkew, "clockSkew", "0 seconds is the strictest")
        try Self.validate(self.keyRetirementWarning, "keyRetirementWarning", "use 7 days")
        try Self.validate(self.lifetime.idle, "lifetime.idle", "use 31 days for what Flask does")
        try self.lifetime.absolute.map { (absolute) throws(SessionError) in
            try Self.validate(absolute, "lifetime.absolute", "use nil for no limit")
        }
        try self.validateStorage()
        try self.validateCookieSessions()
        try self.provider?.validate(self)
        try self.validateSessionLimit()
    }

    private func validateStorage() throws(SessionError) {
        guard self.acceptedFormats.isEmpty || self.provider == nil else {
            throw SessionError(
                .invalidConfiguration,
                "acceptedFormats is for cookies that hold their sessions, and Flask-Session's hold ids; leave it empty."
            )
        }
        guard self.storedSizeLimit >= 1 else {
            throw SessionError(
                .invalidConfiguration, "storedSizeLimit is under 1 byte, and nothing could be stored; use 1 << 20.")
        }
        if let touchInterval {
            try Self.validate(touchInterval, "touchInterval", "use nil for a tenth of the idle time")
            guard touchInterval < self.lifetime.idle else {
                throw SessionError(
                    .invalidConfiguration,
                    "touchInterval is not shorter than lifetime.idle, and sessions in use would end; use nil for a tenth."
                )
            }
        }
        if let renewalInterval {
            try Self.validate(renewalInterval, "renewalInterval", "use nil for no renewal")
            guard renewalInterval > .zero else {
                throw SessionError(.invalidConfiguration, "renewalInterval is zero; use nil for no renewal.")
            }
        }
        try Self.validate(self.renewalGrace, "renewalGrace", "use 30 seconds, so that requests on their way go on")
        try Self.validate(self.purge.interval, "purge.interval", "use 60 seconds")
        guard self.purge.interval > .zero else {
            throw SessionError(.invalidConfiguration, "purge.interval is zero, and would not pause; use 60 seconds.")
        }
        guard self.purge.batch >= 1 else {
            throw SessionError(.invalidConfiguration, "purge.batch is under 1, and would remove nothing; use 500.")
        }
    }

    /// What is for sessions that live in their cookies alone.
    private func validateCookieSessions() throws(SessionError) {
        let isInCookies = self.store == nil && self.provider == nil
        guard self.acceptedStore == nil || isInCookies else {
            throw SessionError(
                .invalidConfiguration,
                "acceptedStore is for sessions that live in their cookies, and these live in a store; leave it nil.")
        }
        guard let list = self.revocations?.list else { return }
        guard isInCookies || self.takesCookiesOver else {
            throw SessionError(
                .invalidConfiguration,
                "revocations are for sessions that live in their cookies; in a store they end by themselves; leave it nil."
            )
        }
        guard self.canRevokeCookies else {
            throw SessionError(
                .invalidConfiguration,
                "revocations need cookies with an id, and only the format .sealed has one; use it, or leave revocations nil."
            )
        }
        try Self.validate(list.staleness, "the staleness of revocations", "use 10 seconds")
        guard !list.isShared || list.staleness >= .milliseconds(100) else {
            throw SessionError(
                .invalidConfiguration,
                "The staleness of revocations is under 100 milliseconds, and the store would be read all the time.")
        }
    }

    private func validateSessionLimit() throws(SessionError) {
        guard let sessionLimit else { return }
        guard sessionLimit.count >= 1 else {
            throw SessionError(
                .invalidConfiguration, "sessionLimit is under 1, and nobody could sign in; use nil for no limit.")
        }
        guard self.store != nil, self.provider == nil else {
            throw SessionError(
                .invalidConfiguration,
                "sessionLimit needs a store, which knows a user's sessions; set store, or sessionLimit to nil.")
        }
    }

    /// Time beyond the year 9999 has no date, and much more of it no number.
    private static func validate(_ duration: Duration, _ name: String, _ advice: String) throws(SessionError) {
        guard duration >= .zero else { throw SessionError(.invalidConfiguration, "\(name) is negative; \(advice).") }
        guard duration.components.seconds <= CivilTime.lastSecond else {
            throw SessionError(.invalidConfiguration, "\(name) leads past the year 9999; \(advice).")
        }
    }
}
