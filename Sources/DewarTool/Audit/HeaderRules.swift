// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// The header fields of an answer that protect a page: what `app.securityHeaders` sends.
enum HeaderRules {
    static func findings(_ answer: AuditAnswer) -> [AuditFinding] {
        let transport = answer.url.isSecure ? Self.strictTransport(answer) : []
        // A browser shows no page of a redirect.
        return answer.isRedirect ? transport : transport + Self.frames(answer) + Self.types(answer)
    }

    // MARK: - Strict-Transport-Security

    private static func strictTransport(_ answer: AuditAnswer) -> [AuditFinding] {
        let field = answer.first("Strict-Transport-Security")
        let year = 365 * 24 * 3600
        guard field.flatMap(Self.strictTransportSeconds) ?? 0 < year else { return [] }
        let fault = field == nil ? "no Strict-Transport-Security" : "no Strict-Transport-Security of a year or more"
        return [
            AuditFinding(
                .medium, "ASVS 3.4.1", "\(answer.url) has \(fault)",
                change: "app.securityHeaders.strictTransportSecurity = \"max-age=\(year)\"")
        ]
    }

    /// Section 6.1 of RFC 6797: names in any case, a number that may be in quotes, no directive twice.
    private static func strictTransportSeconds(_ field: String) -> Int? {
        let ages = field.split(separator: ";").map(Self.directive).filter { $0.name == "max-age" }
        guard ages.count == 1, var digits = ages[0].value else { return nil }
        if digits.count > 1, digits.hasPrefix("\""), digits.hasSuffix("\"") { digits = digits.dropFirst().dropLast() }
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
            return nil
        }
        return Int(digits) ?? .max
    }

    private static func directive(_ text: Substring) -> (name: String, value: Substring?) {
        let parts = text.filter { $0 != " " && $0 != "\t" }.split(separator: "=", maxSplits: 1)
        return (parts.first?.lowercased() ?? "", parts.dropFirst().first)
    }

    // MARK: - Frames

    private static func frames(_ answer: AuditAnswer) -> [AuditFinding] {
        let policies = Self.frameAncestors(answer)
        let isOld = ["deny", "sameorigin"].contains(answer.first("X-Frame-Options")?.lowercased())
        // A browser heeds X-Frame-Options only if no policy has the directive.
        if policies.contains(where: { !$0.contains(where: Self.isAnySite) }) { return [] }
        let severity: AuditFinding.Severity = policies.isEmpty && isOld ? .low : .medium
        let fault =
            severity == .low
            ? "has X-Frame-Options alone, in place of which the standard now wants frame-ancestors"
            : "may be shown in a frame of any site, which can catch clicks"
        return [
            AuditFinding(
                severity, "ASVS 3.4.6", "\(answer.url) \(fault)",
                change: "app.securityHeaders.frameAncestors = \"'self'\"")
        ]
    }

    /// The sources of each policy's first `frame-ancestors`; a policy without is left out (CSP 3, sections 2.2 and 6.4.2).
    private static func frameAncestors(_ answer: AuditAnswer) -> [[String]] {
        answer.values("Content-Security-Policy").flatMap { $0.lowercased().split(separator: ",") }.compactMap {
            policy in
            policy.split(separator: ";").lazy.map { $0.split { $0.isWhitespace }.map(String.init) }
                .first { $0.first == "frame-ancestors" }.map { Array($0.dropFirst()) }
        }
    }

    private static func isAnySite(_ source: String) -> Bool { ["*", "http:", "https:"].contains(source) }

    // MARK: - The others

    private static func types(_ answer: AuditAnswer) -> [AuditFinding] {
        var found: [AuditFinding] = []
        if answer.first("X-Content-Type-Options")?.lowercased() != "nosniff" {
            found.append(
                AuditFinding(
                    .low, "ASVS 3.4.4", "\(answer.url) has no X-Content-Type-Options: nosniff",
                    change: "app.securityHeaders.contentTypeOptions = \"nosniff\""))
        }
        if answer.first("Referrer-Policy") == nil {
            found.append(
                AuditFinding(
                    .low, "ASVS 3.4.5", "\(answer.url) has no Referrer-Policy",
                    change: "app.securityHeaders.referrerPolicy = \"strict-origin-when-cross-origin\""))
        }
        return found
    }
}
