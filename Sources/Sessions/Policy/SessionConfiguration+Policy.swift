// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

extension SessionConfiguration {
    /// What these settings mean, in plain text: where sessions are kept, when they end, how many a user may have, and
    /// what the cookie's attributes are.
    ///
    /// It is the document that OWASP ASVS 5.0 asks for (7.1.1 and 7.1.2), with the departures from NIST SP 800-63B-4 by
    /// name; the reasons for them are yours to add. Print it at start-up, or keep it in a file that a test compares:
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
