// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// What a response asks the browser to forget of a site, in the header field `Clear-Site-Data`.
///
/// ```swift
/// let fields = [(ClearSiteData.fieldName, ClearSiteData.afterSignOut.fieldValue)]
/// ```
///
/// Browsers obey it over HTTPS, and to localhost, and ignore it otherwise.
///
/// - SeeAlso: W3C Clear Site Data; ASVS 5.0, 14.3.1.
public struct ClearSiteData: OptionSet, Hashable, Sendable {
    /// One bit for each kind of data.
    public let rawValue: UInt8

    /// The kinds that the bits stand for.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Responses that the browser has kept.
    public static let cache = ClearSiteData(rawValue: 1)
    /// All cookies of the registrable domain: a site at `shop.example.com` also deletes those of `example.com`. Only
    /// for HTTPS. Chromium ignores every `Set-Cookie` of such a response, over plain HTTP as well, where it deletes
    /// nothing: the visitor would keep the session's cookie.
    public static let cookies = ClearSiteData(rawValue: 2)
    /// Everything that scripts have stored, and service workers.
    public static let storage = ClearSiteData(rawValue: 4)

    /// What a sign-out clears: `"cache", "storage"`. The session's cookie is deleted by `Set-Cookie`, over any scheme.
    public static let afterSignOut: ClearSiteData = [.cache, .storage]

    /// The name of the header field.
    public static let fieldName = "Clear-Site-Data"

    /// The value of the header field. It is empty for the empty set; send no field then.
    public var fieldValue: String {
        let names: [(ClearSiteData, String)] = [(.cache, "cache"), (.cookies, "cookies"), (.storage, "storage")]
        return names.filter { self.contains($0.0) }.map { "\"\($0.1)\"" }.joined(separator: ", ")
    }
}
