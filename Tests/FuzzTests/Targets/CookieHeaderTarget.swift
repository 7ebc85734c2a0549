// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

extension FuzzTarget {
    static let cookieHeader = FuzzTarget("cookie-header", "the Cookie field of a request") { input in
        let header = CookieHeader(bytes: input)
        let pairs = header.pairs
        try require(pairs.count <= input.count, "more cookies than bytes")
        // Of many names a few are enough: each is looked up in all of the header.
        for name in pairs.prefix(4).map(\.name) + pairs.suffix(4).map(\.name) {
            let values = pairs.filter { isSame($0.name, name) }.map(\.value)
            let found = header.all(name)
            try require(
                found.count == values.count && zip(found, values).allSatisfy { isSame($0, $1) },
                "a look-up by name and the list of all cookies differ")
            try require(isSame(header.first(name), values.first), "the first cookie of a name is not the first")
            try require(header.tokens(CookieName(name), limit: 1).count == 1, "a limit of one is not kept")
        }
        try Self.fieldsAreJoined(input, pairs)
    }

    /// HTTP/2 splits the field at a `;`, and both parts together are the same cookies.
    private static func fieldsAreJoined(_ input: [UInt8], _ pairs: [(name: String, value: String)]) throws {
        guard let text = String(validating: input, as: UTF8.self) else { return }
        let parts = text.utf8.split(separator: UInt8(ascii: ";"), maxSplits: 1, omittingEmptySubsequences: false)
        let joined = CookieHeader(parts.map { String(Substring($0)) }).pairs
        try require(
            joined.count == pairs.count
                && zip(joined, pairs).allSatisfy { isSame($0.name, $1.name) && isSame($0.value, $1.value) },
            "two fields are not the same cookies as one")
    }
}
