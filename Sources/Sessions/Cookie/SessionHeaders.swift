// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// What a response must say about its session: the result of ``SessionManager/commit(_:logger:)``.
///
/// A framework adapter adds `setCookie` as one more `Set-Cookie` field, and replaces `Vary` by ``vary(addedTo:)`` where
/// `variesOnCookie` is true. It sets `Cache-Control: no-store` where `forbidsCaching` is true, or `isForUser` and there is
/// no `Cache-Control`; else, with `setCookie`, `private, no-cache` in place of what lets shared caches keep the response.
public struct SessionHeaders: Sendable, Hashable {
    /// The value of the `Set-Cookie` field to add, if any.
    public let setCookie: String?
    /// Whether the response depends on the cookie, so that caches must keep visitors apart.
    public let variesOnCookie: Bool
    /// Whether no cache may keep the response, because it carries a session.
    public let forbidsCaching: Bool
    /// Whether the handler demanded a signed-in user (``Session/requireSignedIn()``). No cache may keep the response
    /// then, unless the handler has set a `Cache-Control` of its own.
    public let isForUser: Bool

    package init(
        setCookie: String? = nil, variesOnCookie: Bool = false, forbidsCaching: Bool = false, isForUser: Bool = false
    ) {
        self.setCookie = setCookie
        self.variesOnCookie = variesOnCookie
        self.forbidsCaching = forbidsCaching
        self.isForUser = isForUser
    }

    /// The value of the `Vary` field: what was there, and `Cookie` unless that was already among it.
    public func vary(addedTo existing: [String]) -> String {
        let present = existing.joined(separator: ", ")
        let names = present.split(separator: ",").map { $0.drop { $0 == " " || $0 == "\t" } }
        if names.contains(where: { Self.isCookie($0) }) { return present }
        return (names.filter { !$0.isEmpty }.map(String.init) + ["Cookie"]).joined(separator: ", ")
    }

    private static func isCookie(_ name: Substring) -> Bool {
        var name = name
        while name.last == " " || name.last == "\t" { name.removeLast() }
        return name.lowercased() == "cookie"
    }
}
