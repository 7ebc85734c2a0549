// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// The settings as sentences.
struct SessionPolicy {
    let configuration: SessionConfiguration

    init(_ configuration: SessionConfiguration) {
        self.configuration = configuration
    }

    var lines: [(title: String, text: String)] {
        [
            ("Kept in", self.place), ("Idle time", self.idleTime), ("Time in all", self.timeInAll),
            ("NIST SP 800-63B-4", NISTComparison(idle: self.lifetime.idle, absolute: self.absolute).text),
            ("Sessions per user", self.count), ("New secret", self.renewal), ("Revocation", self.revocation),
            ("Cookie", self.cookie),
        ]
    }

    /// Where the contents are.
    enum Place {
        case store, flaskSession, cookie
    }

    var kept: Place {
        if self.configuration.flaskSession != nil { return .flaskSession }
        return self.configuration.store == nil ? .cookie : .store
    }

    private var lifetime: SessionLifetime { self.configuration.lifetime }

    /// Flask's cookies do not say when a session began.
    private var absolute: Duration? {
        self.kept == .cookie && self.configuration.format == .flask ? nil : self.lifetime.absolute
    }

    private var place: String {
        switch (self.kept, self.configuration.format) {
        case (.store, _): "a store; the cookie carries a signed id and a secret"
        case (.flaskSession, _): "the records of Flask-Session; the cookie carries their id"
        case (.cookie, .sealed):
            self.configuration.overflowStore == nil
                ? "the cookie, encrypted" : "the cookie, encrypted; in a store when too large for it"
        case (.cookie, .signed), (.cookie, .flask): "the cookie, signed, which its owner can read"
        }
    }

    private var idleTime: String {
        let time = "a session ends after \(self.lifetime.idle.inWords) without use"
        return self.kept == .store ? time : time + ", counted from the last cookie that was sent"
    }

    private var timeInAll: String {
        guard let absolute else { return "no limit" }
        return "a session ends \(absolute.inWords) after it began, or its user last proved who they are"
    }

    private var count: String {
        switch self.configuration.sessionLimit {
        case nil: "any number"
        case .refusingNewest(let count)?: "at most \(count); a further sign-in is refused"
        case .endingOldest(let count)?: "at most \(count); a further sign-in ends the oldest"
        }
    }

    private var renewal: String {
        let always = "at each sign-in, step-up and change of user, the one before ends at once"
        guard self.kept != .cookie else {
            return self.configuration.revocations?.list == nil
                ? "none; each sign-in, step-up and change of user sends another cookie"
                : "at each sign-in, step-up and change of user there is another id, and the cookie before is refused"
        }
        guard let interval = self.configuration.renewalInterval else { return always }
        return always + "; also every \(interval.inWords), the one before is good for "
            + "\(self.configuration.renewalGrace.inWords) more"
    }

    private var cookie: String {
        let line = self.configuration.cookie.setting("").headerValue
        let attributes = line.drop { $0 != ";" }
        return
            "\(self.configuration.cookie.name)\(attributes); kept when the browser closes only for permanent sessions"
    }
}
