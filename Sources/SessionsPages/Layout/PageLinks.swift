// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// Where the browser finds a page, and the page its style sheet.
///
/// Both may be relative to the page, for a server that does not know under which path a proxy has mounted it.
public struct PageLinks: Hashable, Sendable {
    /// The URL of the page, to which its forms lead back.
    public var page: String
    /// The URL of the style sheet.
    public var style: String

    /// The links to a page and to its style sheet.
    ///
    /// - Parameters:
    ///   - page: The URL of the page.
    ///   - style: The URL of the style sheet; nil for `style.css` under the page's own.
    public init(page: String, style: String? = nil) {
        self.page = page
        self.style = style ?? (page.utf8.last == UInt8(ascii: "/") ? page : page + "/") + Self.styleName
    }

    /// The links of a page, relative to the URL under which it was asked for.
    ///
    /// - Parameter path: The path of the request, percent-encoded as it came; what follows a question mark is left out.
    package init(relativeTo path: String) {
        // By bytes: a sign beyond ASCII may make one character of itself and the sign before it.
        let path = path.utf8.prefix { $0 != UInt8(ascii: "?") }
        let last = path.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).last
        self.init(page: "./\(last.map { String(Substring($0)) } ?? "")")
    }

    /// The name of a style sheet, after the path of its page.
    package static let styleName = "style.css"
}
