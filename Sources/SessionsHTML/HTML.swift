// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// Text that is HTML markup already, so that it is not escaped again.
///
/// A literal is markup; what is interpolated into it is escaped, unless it is an `HTML` value itself. This is
/// MarkupSafe's `Markup`, where Swift's compiler rejects plain text in place of markup.
///
/// ```swift
/// let name = "<b>Eve</b>"
/// let greeting: HTML = "<p>Hello, \(name)!</p>"  // <p>Hello, &lt;b&gt;Eve&lt;/b&gt;!</p>
/// let items = ["a", "b"].map { item -> HTML in "<li>\(item)</li>" }
/// let list: HTML = "<ul>\(items)</ul>"  // <ul><li>a</li><li>b</li></ul>
/// ```
///
/// Escaped text is safe between tags and in quoted attributes. It is not made safe for scripts, style sheets or the
/// beginning of a URL.
public struct HTML: Sendable, Hashable {
    /// The markup.
    public private(set) var markup: String

    /// Takes `markup` as it is: never pass text from a client, a database or a file that others write.
    public init(raw markup: String) {
        self.markup = markup
    }

    /// No markup.
    public init() {
        self.init(raw: "")
    }

    /// True when there is no markup at all.
    public var isEmpty: Bool { self.markup.isEmpty }

    /// The two one after the other. To add plain text, `escape(_:)` it first.
    public static func + (left: Self, right: Self) -> Self {
        Self(raw: left.markup + right.markup)
    }

    /// Appends `right` to `left`.
    public static func += (left: inout Self, right: Self) {
        left.markup += right.markup
    }

    /// True when both are the same markup, byte for byte.
    public static func == (left: Self, right: Self) -> Bool {
        left.markup.utf8.elementsEqual(right.markup.utf8)
    }

    /// Feeds the markup's bytes to `hasher`.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(Array(self.markup.utf8))
    }
}

extension HTML: ExpressibleByStringInterpolation {
    /// Takes a literal as markup.
    public init(stringLiteral markup: String) {
        self.init(raw: markup)
    }

    /// Takes a literal's own text as markup, and what is interpolated as `HTMLInterpolation` has escaped it.
    public init(stringInterpolation interpolation: HTMLInterpolation) {
        self.init(raw: interpolation.markup)
    }
}

extension HTML: CustomStringConvertible {
    /// The markup.
    public var description: String { self.markup }
}

extension Sequence<HTML> {
    /// All elements one after the other, with `separator` between each two.
    public func joined(separator: HTML = HTML()) -> HTML {
        HTML(raw: self.map(\.markup).joined(separator: separator.markup))
    }
}
