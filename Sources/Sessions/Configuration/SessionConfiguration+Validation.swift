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
        try Self.validate(self.renewalGrace, "renewalGrace", "use 30 seconds, so that requests on their way go on")
        switch self.place.value {
        case .cookies(let settings): try settings.reading.map(self.validate(reading:))
        case .store(let settings): try self.validate(settings)
        case .provided(let provider): try provider.validate(self)
        }
        if let list = self.place.revocations?.list { try self.validate(list) }
    }

    private func validate(reading place: SessionPlace) throws(SessionError) {
        guard let settings = place.stored else {
            throw SessionError(.invalidConfiguration, "reading is for a store; give it .stored(in:), or leave it out.")
        }
        try self.validate(settings)
    }

    private func validate(_ settings: StoredSessions) throws(SessionError) {
        guard settings.sizeLimit >= 1 else {
            throw SessionError(
                .invalidConfiguration, "sizeLimit is under 1 byte, and nothing could be stored; use 1 << 20.")
        }
        if let touchInterval = settings.touchInterval {
            try Self.validate(touchInterval, "touchInterval", "use nil for a tenth of the idle time")
            guard touchInterval < self.lifetime.idle else {
                throw SessionError(
                    .invalidConfiguration,
                    "touchInterval is not shorter than lifetime.idle, and sessions in use would end; use nil for a tenth."
                )
            }
        }
        if let renewalInterval = settings.renewalInterval {
            try Self.validate(renewalInterval, "renewalInterval", "use nil for no renewal")
            guard renewalInterval > .zero else {
                throw SessionError(.invalidConfiguration, "renewalInterval is zero; use nil for no renewal.")
            }
        }
        if let sessionLimit = settings.sessionLimit, sessionLimit.count < 1 {
            throw SessionError(
                .invalidConfiguration, "sessionLimit is under 1, and no user could sign in; use nil for no limit.")
        }
        try Self.validate(settings.purge.interval, "purge.interval", "use 60 seconds")
        guard settings.purge.interval > .zero else {
            throw SessionError(.invalidConfiguration, "purge.interval is zero, and would not pause; use 60 seconds.")
        }
        guard settings.purge.batch >= 1 else {
            throw SessionError(.invalidConfiguration, "purge.batch is under 1, and would remove nothing; use 500.")
        }
    }

    private func validate(_ list: RevocationList) throws(SessionError) {
        guard self.place.canRevokeCookies else {
            throw SessionError(
                .invalidConfiguration,
                self.place.stored == nil
                    ? "revocations need cookies with an id, and only the format .sealed has one; use it, or leave them out."
                    : "revocations are for sessions in cookies, and in a store they end by themselves; leave them out, or give accepting."
            )
        }
        try Self.validate(list.staleness, "the staleness of revocations", "use 10 seconds")
        guard !list.isShared || list.staleness >= .milliseconds(100) else {
            throw SessionError(
                .invalidConfiguration,
                "The staleness of revocations is under 100 milliseconds, and the store would be read all the time.")
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
