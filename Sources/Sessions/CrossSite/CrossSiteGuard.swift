// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// Refuses requests that another site makes a visitor's browser send (cross-site request forgery).
///
/// ```swift
/// let guardian = try CrossSiteGuard(CrossSitePolicy())
/// let verdict = try guardian.check(request)
/// if guardian.demandsToken(after: verdict, in: session) {
///     try guardian.check(token: token, in: session)
/// }
/// ```
///
/// Requests with an unsafe method are decided as Go 1.25's `net/http.CrossOriginProtection` decides them: by
/// `Sec-Fetch-Site`, else by `Origin` and `Host`. Without either they are allowed, because every browser since 2020
/// sends one with such a request. Two rules are stricter than in Go: an `Origin` that is malformed matches no host, and
/// an empty host matches no origin. Two are laxer: letter case and a scheme's default port do not make two origins
/// different; and `Origin: null`, which a page with `Referrer-Policy: no-referrer` sends, is allowed with a good token
/// of the session where there is no `Sec-Fetch-Site`.
///
/// GET, HEAD and OPTIONS are always allowed: change nothing in answer to them. A WebSocket handshake is a GET, but is
/// decided by its origin, because a browser lets any site open one and sends the cookies along. Where there is no
/// `Sec-Fetch-Site`, a page over plain HTTP with the same host and port counts as the same origin, because `Host` has
/// no scheme. HSTS prevents that, and so does a server that knows the scheme (``CrossSiteRequest/scheme``).
public struct CrossSiteGuard: Sendable {
    /// The rules of this guard.
    public let policy: CrossSitePolicy
    private let trusted: [Origin]

    /// A guard for a policy.
    ///
    /// - Throws: ``SessionError`` for a trusted origin or an exempt path that is not valid.
    public init(_ policy: CrossSitePolicy) throws(SessionError) {
        try policy.validate()
        self.policy = policy
        self.trusted = policy.trustedOrigins.compactMap(Origin.init)
    }

    // MARK: - Origin

    /// Whether every request with this method is allowed, whatever else it says; one that asks for another protocol may
    /// be a WebSocket handshake.
    package func allows(_ method: String, isUpgrade: Bool) -> Bool {
        guard self.policy.isEnabled else { return true }
        return method == "GET" ? !isUpgrade : method == "HEAD" || method == "OPTIONS"
    }

    /// Decides by the origin of a request.
    ///
    /// - Throws: The refusal.
    public func check(_ request: CrossSiteRequest) throws(CrossSiteRefusal) -> CrossSiteVerdict {
        guard self.policy.isEnabled else { return .exempt }
        if self.allows(request.method, isUpgrade: request.isWebSocketHandshake) { return .safe }
        let verdict = try self.verdict(on: request)
        // A script cannot add a token to a handshake, and the fields that every browser sends with one are proof.
        return request.isWebSocketHandshake && [.sameOrigin, .unproven].contains(verdict) ? .safe : verdict
    }

    private func verdict(on request: CrossSiteRequest) throws(CrossSiteRefusal) -> CrossSiteVerdict {
        switch request.fetchSite ?? "" {
        case "": break
        case "same-origin", "none": return self.isExempt(request.path) ? .exempt : .sameOrigin
        default: return try self.exemption(of: request, or: .fetchSite)
        }
        let origin = request.origin ?? ""
        guard !origin.isEmpty else { return self.isExempt(request.path) ? .exempt : .unproven }
        if self.isOwn(origin, of: request) { return self.isExempt(request.path) ? .exempt : .sameOrigin }
        return try self.exemption(of: request, or: .origin)
    }

    private func exemption(
        of request: CrossSiteRequest, or reason: CrossSiteRefusal.Kind
    ) throws(CrossSiteRefusal) -> CrossSiteVerdict {
        if self.isExempt(request.path) { return .exempt }
        if let origin = request.origin.flatMap(Origin.init), self.trusted.contains(where: { origin.isSame(as: $0) }) {
            return .trusted
        }
        // Only a token can prove such a request. Where no token is checked, the request is refused.
        guard reason == .origin, request.origin == "null", self.policy.tokens != .never,
            !request.isWebSocketHandshake
        else { throw CrossSiteRefusal(reason) }
        return .opaqueOrigin
    }

    private func isOwn(_ origin: String, of request: CrossSiteRequest) -> Bool {
        guard let origin = Origin(origin), let host = self.host(of: request).flatMap({ HostAndPort($0[...]) }) else {
            return false
        }
        guard request.scheme.map({ $0 == origin.scheme.lowercased() }) ?? true else { return false }
        return origin.isSame(as: host)
    }

    /// The host that the visitor asked for; nil when it is unknown.
    private func host(of request: CrossSiteRequest) -> String? {
        guard self.policy.trustsForwardedHost, !request.forwardedHosts.isEmpty else { return request.host }
        // With several fields, the one that the site's own proxy set is unknown.
        return request.forwardedHosts.count == 1 ? request.forwardedHosts[0] : nil
    }

    // MARK: - Paths

    private func isExempt(_ path: String) -> Bool {
        self.policy.exemptPaths.contains { exempt in
            if exempt.utf8.elementsEqual(path.utf8) { return true }
            return exempt.utf8.last == UInt8(ascii: "/") && path.utf8.starts(with: exempt.utf8) && Self.isPlain(path)
        }
    }

    /// Whether every server reads the path in the same way. A path that a router might take for another one must not be
    /// exempt: Go's CVE-2025-47910.
    private static func isPlain(_ path: String) -> Bool {
        guard !path.utf8.contains(where: { "%\\".utf8.contains($0) }) else { return false }
        let parts = path.utf8.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        return !parts.dropLast().contains { $0.isEmpty }
            && !parts.contains { $0.elementsEqual(".".utf8) || $0.elementsEqual("..".utf8) }
    }

    // MARK: - Token

    /// Whether a request must also carry a token of its session. If so, check it with ``check(token:in:)``.
    public func demandsToken(after verdict: CrossSiteVerdict, in session: Session) -> Bool {
        guard self.mayDemandToken(after: verdict) else { return false }
        return verdict == .unproven && self.policy.tokens == .onceIssued ? session.hasIssuedCSRFToken : true
    }

    /// Whether a request may need a token, depending on the session. If not, the session need not be opened.
    package func mayDemandToken(after verdict: CrossSiteVerdict) -> Bool {
        switch (verdict, self.policy.tokens) {
        case (.opaqueOrigin, _): true
        case (.safe, _), (.exempt, _), (.trusted, _), (_, .never): false
        case (_, .always), (.unproven, _): true
        case (.sameOrigin, _): false
        }
    }

    /// Compares a token with the session's, in constant time.
    ///
    /// - Parameters:
    ///   - token: The field `csrf_token` of the form, or the header `X-CSRF-Token`; nil for neither.
    ///   - session: The session of the request.
    /// - Throws: The refusal.
    public func check(token: String?, in session: Session) throws(CrossSiteRefusal) {
        guard let token, !token.isEmpty else { throw CrossSiteRefusal(.missingToken) }
        guard session.accepts(csrfToken: token) else { throw CrossSiteRefusal(.wrongToken) }
    }

    /// The form field with the token.
    public static let fieldName = "csrf_token"
    /// The header with the token.
    public static let headerName = "X-CSRF-Token"
}
