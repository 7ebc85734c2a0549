// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// The name and the attributes of the cookie that carries a session: Flask's `SESSION_COOKIE_*` settings.
///
/// This cookie also goes to the subdomains of `shop.example`:
///
/// ```swift
/// var configuration = SessionConfiguration()
/// configuration.cookie = SessionCookie(name: "__Secure-shop", domain: "shop.example")
/// ```
///
/// ``SessionManager`` refuses a cookie that browsers would refuse, and says what to change.
public struct SessionCookie: Sendable, Hashable {
    /// The cookie's name. The prefixes `__Host-` and `__Secure-` are promises that browsers check (RFC 6265bis, 4.1.3).
    public var name: String
    /// The domain whose subdomains get the cookie too; nil for this host alone.
    public var domain: String?
    /// The path under which the browser sends the cookie; nil leaves the attribute out.
    public var path: String?
    /// Whether the browser sends the cookie over HTTPS only.
    public var isSecure: Bool
    /// Whether the cookie is hidden from scripts in a page.
    public var isHTTPOnly: Bool
    /// Whether requests from other sites carry the cookie; nil leaves it to the browser.
    public var sameSite: SameSite?
    /// Whether the browser keeps a cookie for each site that embeds this one (CHIPS). It makes the cookie Secure.
    public var isPartitioned: Bool
    /// What happens when the cookie is larger than browsers keep.
    public var sizeLimit: CookieSizeLimit

    /// A cookie of your own; parts that you leave out are as in ``standard``.
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

    /// Whether a browser may withhold the cookie from a request with this method, if another site sends it.
    ///
    /// With Lax a browser withholds it from requests with an unsafe method, with Strict from all (RFC 6265bis, section
    /// 5.6.7). Some browsers treat a cookie without the attribute as Lax.
    package func mayBeWithheld(from method: String) -> Bool {
        switch self.sameSite {
        case .crossSite: false
        case .strict?: true
        case .lax?, nil: !["GET", "HEAD", "OPTIONS"].contains(method)
        }
    }

    /// The `Set-Cookie` that gives the cookie a value.
    func setting(_ value: String, expires: Int? = nil, maxAge: Int? = nil) -> SetCookie {
        SetCookie(
            name: self.name, value: value, domain: self.domain, expires: expires, maxAge: maxAge,
            isSecure: self.isSecure || self.isPartitioned, isHTTPOnly: self.isHTTPOnly, path: self.path,
            sameSite: self.sameSite, isPartitioned: self.isPartitioned)
    }

    /// Measures a cookie against the size limit, and gives how far it is over one that is only warned of.
    ///
    /// - Parameters:
    ///   - value: The cookie's value.
    ///   - line: The cookie's `Set-Cookie`, which Flask measures.
    /// - Throws: `cookieTooLarge`.
    fileprivate func checkSize(ofValue value: String, line: String) throws(SessionError) -> CookieSizeWarning? {
        switch self.sizeLimit {
        case .none: return nil
        case .warn(let limit):
            let size = line.utf8.count
            return limit > 0 && size > limit ? CookieSizeWarning(bytes: size, limit: limit) : nil
        case .refuse(let limit):
            let size = self.name.utf8.count + value.utf8.count
            guard size > limit else { return nil }
            let advice = "Store less in the session, or keep sessions in a store: SessionConfiguration.stored(in:)."
            throw SessionError(
                .cookieTooLarge, "The session cookie has \(size) bytes, and browsers keep \(limit). \(advice)")
        }
    }

    /// The `Set-Cookie` that deletes the cookie. Browsers find it by the same attributes.
    var deletion: SetCookie { self.setting("", expires: 0, maxAge: 0) }
}

/// What to do about a session cookie that browsers may drop.
public enum CookieSizeLimit: Sendable, Hashable {
    /// Throw ``SessionError`` when name and value together have more bytes. RFC 6265bis lets browsers stop at 4096.
    case refuse(over: Int)
    /// Send it and log a warning when the whole header value has more bytes than this: Flask's `MAX_COOKIE_SIZE`.
    case warn(over: Int)
    /// Send any size.
    case none
}

/// How far a cookie is over a limit that is only warned of.
struct CookieSizeWarning: Sendable {
    let bytes: Int
    let limit: Int
}

/// What a response does to the session cookie.
package enum CookieAction: Sendable {
    case none
    case delete
    case set(SentCookie)
}

/// A session cookie on its way to the browser, composed and measured.
package struct SentCookie: Sendable {
    /// The value of the `Set-Cookie` field.
    let headerValue: String
    /// Names the session; nil where nothing does.
    let id: SessionID?
    /// Whether it leads into a store, rather than holding its session.
    let isTicket: Bool
    /// How far it is over a limit that is only warned of; nil when it is not.
    let warning: CookieSizeWarning?

    /// - Parameters:
    ///   - value: The cookie's value.
    ///   - expires: When the browser forgets it, in seconds since 1970.
    ///   - maxAge: In how many seconds the browser forgets it.
    ///   - id: Names the session.
    ///   - isTicket: Whether it leads into a store.
    ///   - form: Its name and attributes.
    /// - Throws: `cookieTooLarge`.
    package init(
        _ value: String, expires: Int? = nil, maxAge: Int? = nil, id: SessionID? = nil, isTicket: Bool = false,
        as form: SessionCookieForm
    ) throws(SessionError) {
        self.headerValue = form.line(value, expires: expires, maxAge: maxAge)
        self.id = id
        self.isTicket = isTicket
        self.warning = try form.cookie.checkSize(ofValue: value, line: self.headerValue)
    }
}

/// The `Set-Cookie` of all sessions, composed once: only the value and the lifetime are filled in.
package struct SessionCookieForm: Sendable {
    fileprivate let cookie: SessionCookie
    private let beginning: String
    private let ending: String

    package init(_ cookie: SessionCookie) {
        self.cookie = cookie
        let line = cookie.setting("").headerValue
        let nameEnd = line.utf8.firstIndex(of: UInt8(ascii: "="))
        self.beginning = nameEnd.map { String(line[...$0]) } ?? line
        self.ending = nameEnd.map { String(line[$0...].dropFirst()) } ?? ""
    }

    fileprivate func line(_ value: String, expires: Int?, maxAge: Int?) -> String {
        guard expires == nil, maxAge == nil, Self.isToken(value) else {
            return self.cookie.setting(value, expires: expires, maxAge: maxAge).headerValue
        }
        var line = self.beginning
        line.reserveCapacity(self.beginning.utf8.count + value.utf8.count + self.ending.utf8.count)
        line += value
        line += self.ending
        return line
    }

    /// Whether a value is of the characters of tokens and tickets, which need no quotes.
    private static func isToken(_ value: String) -> Bool {
        value.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
                true
            default: false
            }
        }
    }
}
