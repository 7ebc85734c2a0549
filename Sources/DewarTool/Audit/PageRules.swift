// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// What an answer must be like.
enum PageRules {
    static func findings(_ answer: AuditAnswer, cookies: [SentCookie], sentSession: Bool) -> [AuditFinding] {
        Self.transport(answer) + Self.caching(answer, cookies: cookies, sentSession: sentSession)
            + HeaderRules.findings(answer) + Self.redirect(answer, cookies: cookies) + Self.twice(cookies)
    }

    private static func transport(_ answer: AuditAnswer) -> [AuditFinding] {
        guard !answer.url.isSecure, !answer.url.isLocal else { return [] }
        let target = answer.isRedirect ? answer.first("Location").flatMap(answer.url.following) : nil
        guard target?.isSecure != true else { return [] }
        return [
            AuditFinding(
                .high, "ASVS 3.3.1", "\(answer.url) is served over plain HTTP and does not lead to HTTPS",
                change: "none in Swift: let the proxy in front redirect http:// to https://")
        ]
    }

    /// A page that goes by a session, or sets one, must not be kept for others.
    private static func caching(
        _ answer: AuditAnswer, cookies: [SentCookie], sentSession: Bool
    ) -> [AuditFinding] {
        guard sentSession || !cookies.isEmpty else { return [] }
        let directives = Set(
            answer.values("Cache-Control").joined(separator: ",").lowercased().split(separator: ",").map {
                $0.prefix { $0 != "=" }.filter { $0 != " " && $0 != "\t" }
            })
        var found: [AuditFinding] = []
        let change = "configuration.forbidsCaching = true"
        if directives.contains("public") || directives.contains("s-maxage") {
            found.append(
                AuditFinding(
                    .critical, "OWASP caching",
                    "\(answer.url) lets shared caches keep a page of one visitor for others",
                    change: change))
        } else if !cookies.isEmpty, !directives.contains("no-store"), !directives.contains("private") {
            found.append(
                AuditFinding(
                    .medium, "OWASP caching", "\(answer.url) sets a cookie and does not forbid caches to keep it",
                    change: change))
        }
        let vary = answer.values("Vary").joined(separator: ",").lowercased()
        if !directives.contains("no-store"), !vary.contains("cookie"), !vary.contains("*") {
            found.append(
                AuditFinding(
                    .low, "OWASP caching", "\(answer.url) goes by a cookie without Vary: Cookie",
                    change: "read the session with request.session, which adds Vary: Cookie"))
        }
        return found
    }

    private static func redirect(_ answer: AuditAnswer, cookies: [SentCookie]) -> [AuditFinding] {
        guard let location = answer.first("Location") else { return [] }
        var found: [AuditFinding] = []
        if cookies.contains(where: { $0.value.utf8.count >= 16 && location.contains($0.value) }) {
            found.append(
                AuditFinding(
                    .critical, "ASVS 14.2.1", "\(answer.url) redirects to an address that has the cookie in it",
                    change: "return redirect(app.url(for: \"index\"))  // without the token"))
        }
        if answer.url.isSecure, answer.isRedirect, answer.url.following(location)?.isSecure == false {
            found.append(
                AuditFinding(
                    .high, "ASVS 3.3.1", "\(answer.url) redirects from HTTPS to plain HTTP",
                    change: "App(baseURL: \"https://…\")"))
        }
        return found
    }

    private static func twice(_ cookies: [SentCookie]) -> [AuditFinding] {
        let names = Dictionary(grouping: cookies, by: \.name).filter { $1.count > 1 }.keys.sorted()
        return names.map {
            AuditFinding(
                .medium, "6265bis", "one answer sets the cookie \($0) several times",
                change: "add SessionMiddleware once")
        }
    }
}
