// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// The name and the attributes of the cookie that carries a session: Flask's `SESSION_COOKIE_*` settings.
public struct SessionCookie: Sendable, Hashable {
    /// The cookie's name. The prefixes `__Host-` and `__Secure-` are promises that browsers check (RFC 6265bis, 4.1.3).
    public var name: String
    /// The domain whose subdomains get the cookie too; nil for this host alone.
    public var domain: String?
    /// The path under which the browser sends the cookie; nil writes none.
    public var path: String?
    /// Whether the browser sends the cookie over HTTPS only.
    public var isSecure: Bool
    /// Whether scripts in a page are kept from the cookie.
    public var isHTTPOnly: Bool
    /// Whether requests from other sites carry the cookie; nil leaves it to the browser.
    public var sameSite: SameSite?
    /// Whether an embedded site gets a jar of its own for each site around it (CHIPS). It makes the cookie Secure.
    public var isPartitioned: Bool
    /// What happens when the cookie is larger than browsers keep.
    public var sizeLimit: CookieSizeLimit

    /// A cookie of your own; what is left out is as in ``standard``.
    public init(
        name: String = "__Host-session", domain: String? = nil, path: String? = "/", isSecure: Bool = true,
        isHTTPOnly: Bool = true, sameSite: SameSite? = .lax, isPartitioned: Bool = false,
        sizeLimit: CookieSizeLimit = .refuse(over: 4096)
    ) {
        self.name = name
        self.domain = domain
        self.path = path
        self.isSecure = isSecure
        self.isHTTPOnly = isHTTPOnly
        self.sameSite = sameSite
        self.isPartitioned = isPartitioned
        self.sizeLimit = sizeLimit
    }

    /// `__Host-session`, Secure, HttpOnly, SameSite=Lax, Path=/, at most 4096 bytes.
    public static let standard = SessionCookie()

    /// Flask's defaults: `session`, HttpOnly, Path=/, a warning over 4093 bytes.
    public static let flask = SessionCookie(
        name: "session", isSecure: false, sameSite: nil, sizeLimit: .warn(over: 4093))

    /// The `Set-Cookie` that gives the cookie a value.
    func setting(_ value: String, expires: Int? = nil, maxAge: Int? = nil) -> SetCookie {
        SetCookie(
            name: self.name, value: value, domain: self.domain, expires: expires, maxAge: maxAge,
            isSecure: self.isSecure || self.isPartitioned, isHTTPOnly: self.isHTTPOnly, path: self.path,
            sameSite: self.sameSite, isPartitioned: self.isPartitioned)
    }

    /// The `Set-Cookie` that takes the cookie away; browsers want the same attributes.
    var deletion: SetCookie { self.setting("", expires: 0, maxAge: 0) }
}
