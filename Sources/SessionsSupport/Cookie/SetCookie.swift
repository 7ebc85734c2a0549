// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// A cookie on its way to the browser.
///
/// ``headerValue`` equals byte for byte what Werkzeug's `dump_cookie` writes (`werkzeug/http.py:1268-1420`).
/// ``validate()`` finds what a browser would refuse. Two cookies are equal when their bytes are.
///
/// ```swift
/// let cookie = SetCookie(name: "theme", value: "dark", isHTTPOnly: true, sameSite: .lax)
/// try cookie.validate()
/// let line = cookie.headerValue  // theme=dark; HttpOnly; Path=/; SameSite=Lax
/// ```
public struct SetCookie: Sendable, Hashable {
    /// The cookie's name, an RFC 6265 token.
    public var name: String
    /// The value; text that does not fit a cookie is written in quotes and escaped.
    public var value: String
    /// The domain whose subdomains get the cookie too; nil for this host alone.
    public var domain: String?
    /// When the browser forgets the cookie, in seconds since 1970. With neither this nor ``maxAge``, when it closes.
    public var expires: Int?
    /// After how many seconds the browser forgets the cookie.
    ///
    /// Werkzeug adds an `Expires` that it computes from the clock; here it is written only when ``expires`` is set.
    public var maxAge: Int?
    /// Whether the browser sends the cookie over HTTPS only.
    public var isSecure: Bool
    /// Whether the cookie is hidden from scripts in a page.
    public var isHTTPOnly: Bool
    /// The path under which the browser sends the cookie; with nil the browser takes the request's folder.
    public var path: String?
    /// Whether requests from other sites carry the cookie; nil leaves it to the browser.
    public var sameSite: SameSite?
    /// Whether the browser keeps a separate cookie for each site that embeds this one (CHIPS); writes Secure as well.
    public var isPartitioned: Bool

    /// A cookie; parts that you leave out are as in `dump_cookie`.
    public init(
        name: String, value: String, domain: String? = nil, expires: Int? = nil, maxAge: Int? = nil,
        isSecure: Bool = false, isHTTPOnly: Bool = false, path: String? = "/", sameSite: SameSite? = nil,
        isPartitioned: Bool = false
    ) {
        self.name = name
        self.value = value
        self.domain = domain
        self.expires = expires
        self.maxAge = maxAge
        self.isSecure = isSecure
        self.isHTTPOnly = isHTTPOnly
        self.path = path
        self.sameSite = sameSite
        self.isPartitioned = isPartitioned
    }

    /// The `Set-Cookie` that deletes a cookie: no value, expired in 1970, and Max-Age 0. The other attributes are the
    /// same, because browsers find the cookie by them.
    public static func deletion(of cookie: SetCookie) -> SetCookie {
        var deletion = cookie
        deletion.value = ""
        deletion.expires = 0
        deletion.maxAge = 0
        return deletion
    }

    /// The value of the `Set-Cookie` field.
    ///
    /// Even a cookie that ``validate()`` would refuse stays one field and one cookie: in the name, control characters,
    /// `;` and `=` become `_`; a domain that is not a host name is left out; a year that cannot be written becomes 1970
    /// or 9999.
    public var headerValue: String {
        var line = Line(capacity: self.name.utf8.count + self.value.utf8.count + 160)
        line.append(Self.safeName(self.name))
        line.append("=")
        line.append(Self.quotedIfNeeded(self.value))
        line.append("; Domain=", self.domain.flatMap(Self.asciiDomain))
        line.append("; Expires=", self.expires.map(Self.expiryText))
        line.append("; Max-Age=", self.maxAge.map { String($0) })
        if self.isSecure || self.isPartitioned { line.append("; Secure") }
        if self.isHTTPOnly { line.append("; HttpOnly") }
        line.append("; Path=", self.path.map(Self.encodedPath))
        line.append("; SameSite=", self.sameSite?.rawValue)
        if self.isPartitioned { line.append("; Partitioned") }
        return line.text
    }

    /// Whether all parts have the same bytes; Unicode's canonical equivalence does not count.
    public static func == (left: SetCookie, right: SetCookie) -> Bool {
        func same(_ left: String?, _ right: String?) -> Bool {
            left.map { Array($0.utf8) } == right.map { Array($0.utf8) }
        }
        return same(left.name, right.name) && same(left.value, right.value) && same(left.domain, right.domain)
            && same(left.path, right.path) && left.expires == right.expires && left.maxAge == right.maxAge
            && left.isSecure == right.isSecure && left.isHTTPOnly == right.isHTTPOnly
            && left.sameSite == right.sameSite && left.isPartitioned == right.isPartitioned
    }
}

extension SetCookie {
    private static let pathCharacters = PercentEncoding.Allowed(unreservedAnd: "%!$&'()*+,/:=@")
    private static let bareCharacters = PercentEncoding.Allowed(unreservedAnd: "!#$%&'()*+/:<=>?@[]^`{|}")
    private static let tokenCharacters = Set("!#$%&'*+-.^_`|~".utf8)

    private static func isUnsafeInName(_ byte: UInt8) -> Bool {
        byte.isASCIIControl || byte == UInt8(ascii: ";") || byte == UInt8(ascii: "=")
    }

    private static func allSatisfy(_ text: String, _ predicate: (UInt8) -> Bool) -> Bool {
        text.utf8.allSatisfy(predicate)
    }

    private static func safeName(_ name: String) -> String {
        if Self.allSatisfy(name, { !Self.isUnsafeInName($0) }) { return name }
        return String(decoding: name.utf8.map { Self.isUnsafeInName($0) ? UInt8(ascii: "_") : $0 }, as: UTF8.self)
    }

    /// The value as it is, or quoted and escaped. Like Werkzeug, it leaves the bytes 0x1A to 0x1F as they are.
    private static func quotedIfNeeded(_ value: String) -> String {
        if Self.allSatisfy(value, Self.bareCharacters.contains) { return value }
        var quoted = [UInt8(ascii: "\"")]
        for byte in value.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                quoted.append(UInt8(ascii: "\\"))
                quoted.append(byte)
            case 0...0x19, UInt8(ascii: ","), UInt8(ascii: ";"), 0x7F...:
                quoted.append(UInt8(ascii: "\\"))
                for shift in [6, 3, 0] { quoted.append(UInt8(ascii: "0") + (byte >> UInt8(shift)) & 7) }
            default:
                quoted.append(byte)
            }
        }
        quoted.append(UInt8(ascii: "\""))
        return String(decoding: quoted, as: UTF8.self)
    }

    /// The domain without port and leading dots, IDNA-encoded; nil when the rest is not a host name.
    private static func asciiDomain(_ domain: String) -> String? {
        let host = domain.utf8.prefix { $0 != UInt8(ascii: ":") }.drop { $0 == UInt8(ascii: ".") }
        guard let ascii = DomainName.ascii(String(Substring(host))), ascii.utf8.allSatisfy(Self.isHostCharacter) else {
            return nil
        }
        return ascii
    }

    private static func isHostCharacter(_ byte: UInt8) -> Bool { byte.isASCIILetterOrDigit(or: "-._") }

    private static func isTokenCharacter(_ byte: UInt8) -> Bool {
        Self.tokenCharacters.contains(byte) || Self.isHostCharacter(byte)
    }

    private static func encodedPath(_ path: String) -> String {
        let plain = Self.pathCharacters
        return Self.allSatisfy(path, plain.contains) ? path : PercentEncoding.encode(path, allowing: plain)
    }

    private static func expiryText(_ seconds: Int) -> String {
        HTTPDate.format(seconds) ?? (seconds < 0 ? "Thu, 01 Jan 1970 00:00:00 GMT" : "Fri, 31 Dec 9999 23:59:59 GMT")
    }
}

extension SetCookie {
    /// Throws when a browser would refuse the cookie or ignore part of it.
    ///
    /// Checks the name (RFC 6265, 4.1.1); what the prefixes `__Secure-` and `__Host-` (RFC 6265bis, 4.1.3), and
    /// `__Http-` and `__Host-Http-` (the layered-cookies draft), demand, in any letter case; that `SameSite=None` and
    /// Partitioned go with Secure; control characters; that the domain is `localhost` or a host name of two labels or
    /// more, and does not end in a dot; that the path begins with a slash; that name and value have 4096 bytes at most,
    /// and attributes 1024 (RFC 6265bis, 5.7). It does not know all public suffixes (`co.uk`).
    public func validate() throws(SetCookieError) {
        guard !self.name.isEmpty, self.name.utf8.allSatisfy(Self.isTokenCharacter) else {
            throw self.error(.invalidName)
        }
        if self.value.utf8.contains(where: { (0x1A...0x1F).contains($0) }) {
            throw self.error(.controlCharacterInValue)
        }
        let size = self.name.utf8.count + Self.quotedIfNeeded(self.value).utf8.count
        guard size <= Self.maximumSize else { throw self.error(.tooLong(bytes: size)) }
        try self.validatePrefix()
        if self.sameSite == .crossSite && !self.isSecure { throw self.error(.sameSiteNoneNeedsSecure) }
        if self.isPartitioned && !self.isSecure { throw self.error(.partitionedNeedsSecure) }
        if let expires = self.expires, HTTPDate.format(expires) == nil { throw self.error(.expiresOutOfRange) }
        try self.validateDomain()
        try self.validatePath()
    }

    /// The limit for name and value together; browsers ignore a longer cookie.
    private static let maximumSize = 4096

    private func error(_ problem: SetCookieError.Kind) -> SetCookieError {
        SetCookieError(self.name, problem)
    }

    private func validatePrefix() throws(SetCookieError) {
        let prefixes = ["__Host-Http-", "__Host-", "__Http-", "__Secure-"]
        guard let prefix = prefixes.first(where: self.nameHasPrefix) else { return }
        if !self.isSecure { throw self.error(.prefixNeedsSecure(prefix: prefix)) }
        if prefix.hasSuffix("Http-") && !self.isHTTPOnly { throw self.error(.prefixNeedsHTTPOnly(prefix: prefix)) }
        guard prefix.hasPrefix("__Host-") else { return }
        if self.domain != nil { throw self.error(.prefixForbidsDomain(prefix: prefix)) }
        if self.path != "/" { throw self.error(.prefixNeedsRootPath(prefix: prefix)) }
    }

    private func nameHasPrefix(_ prefix: String) -> Bool {
        // The name is known to be ASCII here.
        self.name.lowercased().hasPrefix(prefix.lowercased())
    }

    private func validateDomain() throws(SetCookieError) {
        guard let domain = self.domain else { return }
        let ascii = Self.asciiDomain(domain)
        try self.validate(attribute: "Domain", domain, written: ascii ?? domain)
        guard let ascii, Self.isPort(domain.utf8.drop { $0 != UInt8(ascii: ":") }) else {
            throw self.error(.invalidDomain)
        }
        let labels = ascii.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        if labels.count > 1, labels.last?.isEmpty == true { throw self.error(.domainEndsInDot) }
        // Only the empty domain means "no domain". Browsers accept localhost as a host.
        guard !ascii.isEmpty || domain.isEmpty else { throw self.error(.invalidDomain) }
        let isOneWord = labels.count == 1 && !ascii.isEmpty
        if isOneWord, ascii.lowercased() != "localhost" { throw self.error(.domainIsTopLevel) }
    }

    /// The text after the host name is left out of the header, so that it may only be a port. The rest of a URL is
    /// refused: `https://example.com` would become the domain `https`.
    private static func isPort(_ rest: Substring.UTF8View) -> Bool { rest.dropFirst().allSatisfy(\.isASCIIDigit) }

    private func validatePath() throws(SetCookieError) {
        guard let path = self.path else { return }
        try self.validate(attribute: "Path", path, written: Self.encodedPath(path))
        guard path.utf8.first == UInt8(ascii: "/") else { throw self.error(.pathWithoutSlash) }
    }

    private func validate(attribute: String, _ text: String, written: String) throws(SetCookieError) {
        if text.utf8.contains(where: \.isASCIIControl) { throw self.error(.controlCharacter(attribute: attribute)) }
        let bytes = written.utf8.count
        if bytes > 1024 { throw self.error(.attributeTooLong(attribute: attribute, bytes: bytes)) }
    }
}

/// A header value under construction; appending bytes is faster than appending strings.
private struct Line {
    private var bytes: [UInt8] = []

    init(capacity: Int) {
        self.bytes.reserveCapacity(capacity)
    }

    var text: String { String(decoding: self.bytes, as: UTF8.self) }

    mutating func append(_ text: String) {
        self.bytes.append(contentsOf: text.utf8)
    }

    mutating func append(_ attribute: String, _ value: String?) {
        guard let value else { return }
        self.append(attribute)
        self.append(value)
    }
}
