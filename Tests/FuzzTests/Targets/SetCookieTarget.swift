// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

extension FuzzTarget {
    /// Name, value, domain and path in a line each; a first byte for the flags.
    static let setCookie = FuzzTarget("set-cookie", "the parts of a Set-Cookie field, which is written") { input in
        let (flags, rest) = input.choice(of: 256)
        let parts = rest.lines(atMost: 4).map(\.text)
        func part(_ index: Int, _ bit: Int) -> String? {
            index < parts.count && flags & bit != 0 ? parts[index] : nil
        }
        let cookie = SetCookie(
            name: parts.first ?? "", value: parts.count > 1 ? parts[1] : "", domain: part(2, 1),
            isSecure: flags & 2 != 0, isHTTPOnly: flags & 4 != 0, path: part(3, 8),
            sameSite: flags & 16 != 0 ? .crossSite : nil, isPartitioned: flags & 32 != 0)
        let line = Array(cookie.headerValue.utf8)
        try require(
            line.allSatisfy { (0x1A...0x1F).contains($0) || !($0 < 0x20 || $0 == 0x7F) },
            "a control character other than those that Werkzeug writes")
        let ends = line.count { $0 == UInt8(ascii: ";") }
        try require(ends == Self.attributes(of: cookie), "the cookie has attributes that it was not given")
        guard (try? cookie.validate()) != nil else { return }
        try require(line.allSatisfy { (0x20...0x7E).contains($0) }, "a cookie that passed is not visible ASCII")
        let pair = line.prefix { $0 != UInt8(ascii: ";") }
        try require(
            isSame(CookieHeader(bytes: Array(pair)).first(cookie.name), cookie.value),
            "what the browser sends back is another value")
    }

    private static func attributes(of cookie: SetCookie) -> Int {
        let flags = [cookie.isSecure || cookie.isPartitioned, cookie.isHTTPOnly, cookie.isPartitioned]
        let texts = [cookie.path != nil, cookie.sameSite != nil]
        // A domain that is no host name is left out.
        let domain = cookie.headerValue.contains("; Domain=") ? 1 : 0
        return flags.count { $0 } + texts.count { $0 } + domain
    }
}
