// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// The header fields that tell the browser what to refuse: guessing content types, showing the pages in other sites'
/// frames, sending full addresses to other sites in `Referer`, and plain HTTP.
///
/// ```swift
/// var headers = SecurityHeaders()
/// headers.strictTransportSecurity = "max-age=63072000; includeSubDomains"
/// headers.frameAncestors = nil  // any site may show the pages in a frame
/// ```
///
/// A field that a handler has set stays as it is. `Strict-Transport-Security` goes only with responses over HTTPS: RFC
/// 6797, section 7.2, forbids it over plain HTTP. The others go with every response: a browser needs them over HTTP
/// too, and a proxy that ends HTTPS passes them on.
///
/// - SeeAlso: OWASP ASVS 5.0, 3.4.1, 3.4.4, 3.4.5 and 3.4.6; OWASP Secure Headers Project.
public struct SecurityHeaders: Hashable, Sendable {
    /// `X-Content-Type-Options`. With `nosniff` a browser does not treat an uploaded text as a script or a page.
    public var contentTypeOptions: String? = "nosniff"
    /// Who may show the pages in a frame: the sources of the directive `frame-ancestors` in `Content-Security-Policy`.
    ///
    /// A site that framed the page could lay its own page over it and catch the clicks. A policy that a handler has set
    /// gets the directive in a second field, unless it has one already or `X-Frame-Options` is there.
    public var frameAncestors: String? = "'self'"
    /// `Referrer-Policy`. Other sites see the origin that a visitor comes from, but not the path, which may tell more.
    public var referrerPolicy: String? = "strict-origin-when-cross-origin"
    /// `Strict-Transport-Security`, for responses over HTTPS. For a year the browser then uses only HTTPS.
    ///
    /// Subdomains are left out: only their owner knows whether all of them speak HTTPS.
    public var strictTransportSecurity: String? = "max-age=31536000"

    /// The recommended headers.
    public init() {}

    /// No header at all.
    public static let off = {
        var headers = SecurityHeaders()
        headers.contentTypeOptions = nil
        headers.frameAncestors = nil
        headers.referrerPolicy = nil
        headers.strictTransportSecurity = nil
        return headers
    }()
}
