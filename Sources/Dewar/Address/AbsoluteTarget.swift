// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// A request target that names the site as well: `http://shop.example/cart?a=1`, as a client sends it to a proxy.
///
/// A server must accept it. Its host is the request's host, whatever the `Host` field says (RFC 9112, section 3.2.2).
struct AbsoluteTarget: Equatable {
    /// The text between the scheme and the path; whether it is a host is checked later.
    let authority: String
    /// The path and the query, beginning with a slash.
    let path: String

    /// Nil for a target of another form.
    init?(_ target: String) {
        // Nearly every target begins with a slash.
        guard target.utf8.first != UInt8(ascii: "/"), let scheme = Self.scheme(of: target) else { return nil }
        let rest = target.utf8.dropFirst(scheme.count)
        let authority = rest.prefix { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") }
        let path = String(decoding: rest[authority.endIndex...], as: UTF8.self)
        self.authority = String(decoding: authority, as: UTF8.self)
        self.path = path.utf8.first == UInt8(ascii: "/") ? path : "/\(path)"
    }

    private static func scheme(of target: String) -> String.UTF8View? {
        ["http://", "https://"].first { target.lowercased().utf8.starts(with: $0.utf8) }?.utf8
    }
}
