// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// What every response tells the browser to refuse on the site's behalf: guessing of content types, frames of other
/// sites, addresses in the `Referer` of other sites, and plain HTTP.
///
/// ```swift
/// var headers = SecurityHeaders()
/// headers.strictTransportSecurity = "max-age=63072000; includeSubDomains"
/// headers.frameAncestors = nil          // any site may show the pages in a frame
/// ```
///
/// A field that a handler has set stays as it is. `Strict-Transport-Security` goes with responses over HTTPS alone: RFC
/// 6797, section 7.2, forbids it over plain HTTP. The others go with every response, because over HTTP the browser, or
/// a proxy that ends HTTPS, needs them as much.
///
/// - SeeAlso: OWASP ASVS 5.0, 3.4.1, 3.4.4, 3.4.5 and 3.4.6; OWASP Secure Headers Project.
public struct SecurityHeaders: Hashable, Sendable {
    /// `X-Content-Type-Options`. With `nosniff` a browser does not take an uploaded text for a script or a page.
    public var contentTypeOptions: String? = "nosniff"
    /// Who may show the pages in a frame: the sources of the directive `frame-ancestors` in `Content-Security-Policy`.
    ///
    /// Another site that framed the page could lay its own over it and catch the clicks. A policy of a handler's own
    /// gets the directive in a second field unless it has one, or `X-Frame-Options` is there.
    public var frameAncestors: String? = "'self'"
    /// `Referrer-Policy`. Other sites see the origin that a visitor comes from, and not the path with what it tells.
    public var referrerPolicy: String? = "strict-origin-when-cross-origin"
    /// `Strict-Transport-Security`, for responses over HTTPS. For a year browsers come by HTTPS alone.
    ///
    /// Subdomains are left out: whether all of them speak HTTPS is known to their owner alone.
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
