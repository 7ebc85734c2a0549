// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// The settings as sentences.
struct SessionPolicy {
    let configuration: SessionConfiguration

    init(_ configuration: SessionConfiguration) {
        self.configuration = configuration.withRevocations
    }

    var lines: [(title: String, text: String)] {
        [
            ("Kept in", self.place), ("Idle time", self.idleTime), ("Time in all", self.timeInAll),
            ("NIST SP 800-63B-4", NISTComparison(idle: self.lifetime.idle, absolute: self.absolute).text),
            ("Sessions per user", self.count), ("New secret", self.renewal), ("Revocation", self.revocation),
            ("Cookie", self.cookie),
        ]
    }

    private var kept: SessionPlace { self.configuration.place }
    private var isInCookie: Bool { self.kept.cookies != nil }
    private var isInStore: Bool { self.kept.stored != nil }
    private var lifetime: SessionLifetime { self.configuration.lifetime }

    /// Flask's cookies do not say when a session began.
    private var absolute: Duration? {
        self.kept.cookies?.format == .flask ? nil : self.lifetime.absolute
    }

    private var place: String {
        switch self.kept.value {
        case .store: "a store; the cookie carries a signed id and a secret"
        case .provided(let provider): provider.placeInWords
        case .cookies(let settings) where settings.format == .sealed: "the cookie, encrypted"
        case .cookies: "the cookie, signed, which its owner can read"
        }
    }

    private var idleTime: String {
        let time = "a session ends after \(self.lifetime.idle.inWords) without use"
        return self.isInStore ? time : time + ", counted from the last cookie that was sent"
    }

    private var timeInAll: String {
        guard let absolute else { return "no limit" }
        return "a session ends \(absolute.inWords) after it began, or its user last proved who they are"
    }

    private var count: String {
        switch self.kept.stored?.sessionLimit {
        case nil: "any number"
        case .refusingNewest(let count)?: "at most \(count); a further sign-in is refused" + self.moves
        case .endingOldest(let count)?: "at most \(count); a further sign-in ends the oldest" + self.moves
        }
    }

    /// A session that moves here from its cookie is no sign-in.
    private var moves: String {
        self.kept.stored?.accepted.isEmpty == false ? "; one that moves here from its cookie ends no other" : ""
    }

    private var renewal: String {
        let always = "at each sign-in, step-up and change of user, the one before ends at once"
        guard !self.isInCookie else {
            return self.kept.revocations?.list == nil
                ? "none; each sign-in, step-up and change of user sends another cookie"
                : "at each sign-in, step-up and change of user there is another id, and the cookie before is refused"
        }
        guard let interval = self.kept.stored?.renewalInterval else { return always }
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

extension SessionPolicy {
    /// How soon a session that has ended is rejected.
    var revocation: String {
        switch self.kept.value {
        case .store(let settings): self.storeRevocation(settings)
        case .provided(let provider): provider.revocationInWords
        case .cookies: self.cookieRevocation
        }
    }

    private func storeRevocation(_ settings: StoredSessions) -> String {
        let text =
            "at the next request: signing out, here or everywhere, ends a session wherever its cookie was copied to"
        guard !settings.accepted.isEmpty else { return text }
        guard let list = self.kept.revocations?.list, settings.accepted.allSatisfy({ $0 == .sealed }) else {
            return text + "; a copy of the cookie that it moved here from is good until that expires"
        }
        let reach = list.isShared ? "within \(list.staleness.inWords) in every other process" : "in this process"
        return text + "; a copy of the sealed cookie that it moved here from is rejected \(reach)"
    }

    private var cookieRevocation: String {
        guard let list = self.kept.revocations?.list else {
            return "none: signing out deletes the cookie, and a copy of it is good until the times above are over"
        }
        return list.isShared
            ? "at the next request, and within \(list.staleness.inWords) in every other process"
            : "at the next request in this process, as long as it runs"
    }
}

/// Compares the timeouts of a session with those of NIST SP 800-63B-4, sections 2.1.3, 2.2.3 and 2.3.3.
struct NISTComparison {
    let idle: Duration
    let absolute: Duration?

    var text: String {
        let met = Self.levels.filter { $0.departures(of: self).isEmpty }.map(\.name)
        let departures = Self.levels.filter { !$0.departures(of: self).isEmpty }
            .map { "\($0.name) has \($0.departures(of: self).joined(separator: " and "))" }
        let within = met.isEmpty ? "within no level" : "within " + met.joined(separator: ", ")
        return ([within] + departures).joined(separator: "; ")
    }

    private struct Level {
        let name: String
        let idle: Duration?
        let absolute: Duration

        func departures(of times: NISTComparison) -> [String] {
            var departures: [String] = []
            // The absolute timeout also limits how long a session can be idle.
            let mayBeIdle = min(times.idle, times.absolute ?? times.idle)
            if let idle, mayBeIdle > idle { departures.append("at most \(idle.inWords) idle") }
            if times.absolute.map({ $0 > self.absolute }) ?? true {
                departures.append("at most \(self.absolute.inWords) in all")
            }
            return departures
        }
    }

    private static let levels = [
        Level(name: "AAL1", idle: nil, absolute: .seconds(30 * 86400)),
        Level(name: "AAL2", idle: .seconds(3600), absolute: .seconds(24 * 3600)),
        Level(name: "AAL3", idle: .seconds(15 * 60), absolute: .seconds(12 * 3600)),
    ]
}

extension SessionConfiguration {
    /// What these settings mean, in plain text: where sessions are kept, when they end, how many a user may have, and
    /// what the cookie's attributes are.
    ///
    /// It is the document that OWASP ASVS 5.0 asks for (7.1.1 and 7.1.2). It names the departures from NIST SP
    /// 800-63B-4; you add the reasons for them. Print it at start-up, or keep it in a file that a test compares:
    ///
    /// ```swift
    /// logger.notice("\(SessionConfiguration.standard.policy)")
    /// ```
    public var policy: String {
        SessionPolicy(self).lines
            .map { $0.title + String(repeating: " ", count: max(20 - $0.title.count, 1)) + $0.text }
            .joined(separator: "\n")
    }
}

extension Duration {
    /// The duration in the largest unit that gives a whole number: "15 minutes", "24 hours", "30 days".
    var inWords: String {
        let milliseconds = self.milliseconds
        for (unit, length) in Self.units where milliseconds >= length && milliseconds.isMultiple(of: length) {
            let count = milliseconds / length
            // The standards call one day 24 hours.
            if unit == "day", count == 1 { continue }
            return count == 1 ? "1 \(unit)" : "\(count) \(unit)s"
        }
        return "\(milliseconds) milliseconds"
    }

    private static let units = [("day", 86_400_000), ("hour", 3_600_000), ("minute", 60_000), ("second", 1000)]
}
