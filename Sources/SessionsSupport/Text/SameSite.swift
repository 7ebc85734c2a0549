// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// Which requests from other sites carry a cookie (RFC 6265bis, section 5.6.7).
///
/// The raw value is the text of the attribute in `Set-Cookie`.
public enum SameSite: String, Sendable, Hashable, CaseIterable {
    /// None of them: only requests that start on the site itself carry it, so not even a followed link does.
    case strict = "Strict"
    /// Top-level navigation by a safe method: a followed link carries it, a form posted from another site does not.
    case lax = "Lax"
    /// All of them: `SameSite=None`. Browsers then require Secure.
    case crossSite = "None"

    /// Reads the attribute's value in any letter case, as Flask accepts its setting; nil for any other text.
    ///
    /// Spaces around the word are not removed (`werkzeug/http.py:1362-1369`).
    public init?(caseInsensitive text: String) {
        guard let match = Self.allCases.first(where: { Self.matches(text, $0.rawValue) }) else { return nil }
        self = match
    }

    private static func matches(_ text: String, _ word: String) -> Bool {
        // All three words are ASCII letters, where bit 0x20 is the letter case.
        text.utf8.elementsEqual(word.utf8) { $0 | 0x20 == $1 | 0x20 && $0 & 0x40 != 0 }
    }
}
