// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// What a cookie must be like.
enum CookieRules {
    static func findings(_ cookie: SentCookie, isSession: Bool, at url: AuditURL) -> [AuditFinding] {
        let name = "the \(isSession ? "session " : "")cookie \(cookie.name)"
        return Self.refused(cookie, name)
            + (isSession ? Self.session(cookie, name, url) : Self.other(cookie, name, url))
            + Self.size(cookie, name)
    }

    /// What browsers refuse. A visitor who has no cookie has no session.
    private static func refused(_ cookie: SentCookie, _ name: String) -> [AuditFinding] {
        var reasons: [String] = []
        let prefix = cookie.name.lowercased()
        let isHost = prefix.hasPrefix("__host-")
        if isHost || prefix.hasPrefix("__secure-"), !cookie.isSecure { reasons.append("has no Secure") }
        if isHost, cookie.domain != nil { reasons.append("has a Domain") }
        if isHost, cookie.path != "/" { reasons.append("has no Path=/") }
        if cookie.sameSite == "none", !cookie.isSecure { reasons.append("has SameSite=None without Secure") }
        return reasons.map {
            AuditFinding(
                .critical, "ASVS 3.3.1", "browsers refuse \(name): it \($0)",
                change: "configuration.cookie = .standard  // what browsers refuse stops an App at its start")
        }
    }

    private static func session(_ cookie: SentCookie, _ name: String, _ url: AuditURL) -> [AuditFinding] {
        var found: [AuditFinding] = []
        if !cookie.isSecure {
            found.append(
                AuditFinding(
                    url.isSecure ? .critical : .high, "ASVS 3.3.1",
                    "\(name) has no Secure: a browser sends it over plain HTTP too, where it can be copied",
                    change: "configuration.cookie.isSecure = true"))
        }
        if !cookie.isHTTPOnly {
            found.append(
                AuditFinding(
                    .high, "ASVS 3.3.4",
                    "\(name) has no HttpOnly: a script that an attacker brings into a page can read it",
                    change: "configuration.cookie.isHTTPOnly = true"))
        }
        switch cookie.sameSite {
        case "lax", "strict": break
        case "none":
            found.append(
                AuditFinding(
                    .medium, "ASVS 3.3.2", "\(name) has SameSite=None: requests that other sites begin carry it",
                    change: "configuration.cookie.sameSite = .lax"))
        default:
            found.append(
                AuditFinding(
                    .medium, "ASVS 3.3.2", "\(name) has no SameSite: only some browsers take Lax then",
                    change: "configuration.cookie.sameSite = .lax"))
        }
        if let domain = cookie.domain {
            found.append(
                AuditFinding(
                    .medium, "ASVS 3.3.3",
                    "\(name) has Domain=\(domain): every host below that name gets it, and can set it",
                    change: "configuration.cookie.domain = nil"))
        } else if !cookie.name.lowercased().hasPrefix("__host-") {
            found.append(
                AuditFinding(
                    .low, "ASVS 3.3.3", "\(name) has no __Host- before its name: another host of the domain can set it",
                    change: "configuration.cookie.name = \"__Host-session\"  // over HTTPS; it signs visitors out once")
            )
        }
        if cookie.maxAge ?? 0 > 400 * 86_400 {
            found.append(
                AuditFinding(
                    .low, "6265bis", "\(name) has a Max-Age over 400 days, to which browsers shorten it",
                    change: "configuration.lifetime = .standard"))
        }
        return found
    }

    private static func other(_ cookie: SentCookie, _ name: String, _ url: AuditURL) -> [AuditFinding] {
        guard url.isSecure, !cookie.isSecure else { return [] }
        return [
            AuditFinding(
                .low, "ASVS 3.3.1", "\(name) has no Secure",
                change: "response.setCookie(cookie) with cookie.isSecure = true")
        ]
    }

    private static func size(_ cookie: SentCookie, _ name: String) -> [AuditFinding] {
        guard cookie.size > CookieReport.limit else { return [] }
        return [
            AuditFinding(
                .high, "ASVS 3.3.5", "\(name) has \(cookie.size) bytes: browsers drop what has more than 4096",
                change: "configuration.place = .stored(in: store)  // the cookie then has about 110 bytes")
        ]
    }
}
