// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import HTTPTypes

extension HTTPFields {
    /// Whether a cache may send the response again without a word from the server, and not only to the visitor who got
    /// it (RFC 9111, sections 3 and 4.2). `immutable` counts always: it asks for the longest time there is.
    var mayBeReused: Bool {
        let directives = self[values: .cacheControl].joined(separator: ",").split(separator: ",").map {
            $0.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(Self.word)
        }
        let all = Set(directives.map { $0[0] })
        // With a value, as in `private="X-Account"`, these are about the fields that it names.
        let whole = Set(directives.filter { $0.count == 1 }.map { $0[0] })
        if whole.contains("no-store") { return false }
        if !all.isDisjoint(with: ["public", "s-maxage", "immutable"]) { return true }
        // With `Last-Modified` alone a cache may guess how long the response is good (RFC 9111, section 4.2.2).
        let hasTime = all.contains("max-age") || self.contains(.expires) || self.contains(.lastModified)
        return hasTime && whole.isDisjoint(with: ["private", "no-cache"])
    }

    private static func word(_ text: Substring) -> String {
        text.filter { $0 != " " && $0 != "\t" }.lowercased()
    }

    /// Removes what content delivery networks obey before `Cache-Control` (RFC 9213).
    mutating func removeOrdersForSharedCaches() {
        for name in ["CDN-Cache-Control", "Surrogate-Control"] {
            if let name = HTTPField.Name(name) { self[name] = nil }
        }
    }
}
