// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import HTTPTypes
import HummingbirdCore

/// What the browser may load and run on a page: the field `Content-Security-Policy`.
///
/// ```swift
/// app.contentSecurityPolicy = .strict
/// app.contentSecurityPolicy = "default-src 'self'; script-src 'self' 'nonce'; img-src *"
/// ```
///
/// `'nonce'` stands for a random number that each request has anew. A script or a style sheet that the page itself has
/// carries it, and one that an attacker has brought into the page cannot know it:
///
/// ```swift
/// app.get("/") { request in
///     "<script \(nonce: request)>document.title = 'Shop'</script>"
/// }
/// ```
///
/// The nonce is in the field only if the handler, a hook or a template has asked for it before the response was
/// returned. Otherwise no script that needs one runs. A page with a nonce must not be cached for other visitors.
///
/// - SeeAlso: Content Security Policy Level 3; OWASP ASVS 5.0, 3.4.3.
public struct ContentSecurityPolicy: Hashable, Sendable {
    /// Whether the browser only reports what the policy forbids, to see what would break
    /// (`Content-Security-Policy-Report-Only`).
    public var isReportOnly = false
    /// The text around each `'nonce'`.
    private let pieces: [String]
    /// The policy of a response without a nonce.
    private let withoutNonce: String

    private static let placeholder = "'nonce'"

    /// A policy as the field has it, with `'nonce'` where the nonce goes. Line breaks count as blanks.
    public init(_ text: String) {
        let text = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        self.pieces = text.split(separator: Self.placeholder, omittingEmptySubsequences: false).map(String.init)
        self.withoutNonce = text.split(separator: ";").map(Self.withoutNonce).joined(separator: "; ")
    }

    /// Only scripts with the nonce, and what these load; only styles of the site and those with the nonce; nothing else
    /// of other sites, and no plug-ins.
    ///
    /// It forbids attributes such as `onclick` and `style`. A form may only be sent to the site itself, and browsers
    /// apply that to a redirect of its answer too: a site whose sign-in form leads to another site needs a policy of its
    /// own.
    public static let strict = ContentSecurityPolicy(
        """
        default-src 'self'; script-src 'nonce' 'strict-dynamic'; style-src 'self' 'nonce'; object-src 'none'; \
        base-uri 'none'; form-action 'self'
        """)

    /// The policy for a page with this nonce, or with none.
    func value(nonce: String?) -> String {
        nonce.map { self.pieces.joined(separator: "'nonce-\($0)'") } ?? self.withoutNonce
    }

    /// A directive that has lost its only source allows nothing.
    private static func withoutNonce(_ directive: Substring) -> String {
        let words = directive.split(separator: " ")
        let kept = words.filter { $0 != Self.placeholder }
        let isEmpty = kept.count == 1 && words.count > 1
        return (kept.map(String.init) + (isEmpty ? ["'none'"] : [])).joined(separator: " ")
    }

    /// Adds the field, unless a handler has set it.
    ///
    /// Not to a 304: a cache would put the field in the place of the stored page's own, and with another nonce the page's
    /// scripts would no longer run.
    func add(to response: inout HummingbirdCore.Response, nonce: String?) {
        let field = self.isReportOnly ? HTTPField.Name.contentSecurityPolicyReportOnly : .contentSecurityPolicy
        guard response.status != .notModified, !response.headers.contains(field) else { return }
        response.headers.append(HTTPField(name: field, value: self.value(nonce: nonce)))
    }
}

extension ContentSecurityPolicy: ExpressibleByStringLiteral {
    /// A policy as the field has it.
    public init(stringLiteral value: String) { self.init(value) }
}
