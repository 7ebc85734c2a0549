// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// What a client expects of the server before it sends a body (RFC 9110, section 10.1.1).
package struct Expectation: Sendable {
    /// Whether the client holds its body back until the server answers 100.
    package let awaitsContinue: Bool
    /// Whether the client expects something that this server does not know.
    package let isUnknown: Bool

    /// - Parameter fields: The values of the `Expect` fields, each of them a list.
    package init(_ fields: [String]) {
        let expectations = fields.flatMap { $0.split(whereSeparator: { ", \t".contains($0) }) }
        let known = expectations.filter { $0.lowercased() == "100-continue" }
        self.awaitsContinue = !known.isEmpty
        self.isUnknown = known.count < expectations.count
    }
}
