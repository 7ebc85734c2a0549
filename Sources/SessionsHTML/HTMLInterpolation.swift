// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// Builds markup from a literal with interpolated values, each of which is escaped unless it is `HTML`.
///
/// `HTML` and the framework's response use it. A type of your own decides how it is shown by an extension:
///
/// ```swift
/// struct Price {
///     var cents: Int
/// }
///
/// extension HTMLInterpolation {
///     mutating func appendInterpolation(_ price: Price) {
///         self.appendInterpolation("€ \(price.cents / 100)")  // a String: escaped
///     }
/// }
/// ```
public struct HTMLInterpolation: StringInterpolationProtocol, Sendable {
    /// The markup so far.
    public private(set) var markup: String

    /// Begins empty, with capacity reserved for the result.
    public init(literalCapacity: Int, interpolationCount: Int) {
        self.markup = ""
        self.markup.reserveCapacity(literalCapacity + 16 * interpolationCount)
    }

    /// Appends a piece of the literal: the programmer's own markup.
    public mutating func appendLiteral(_ literal: String) {
        self.markup += literal
    }

    /// Appends markup as it is.
    public mutating func appendInterpolation(_ html: HTML) {
        self.markup += html.markup
    }

    /// Appends markup as it is; nothing for nil.
    public mutating func appendInterpolation(_ html: HTML?) {
        if let html { self.appendInterpolation(html) }
    }

    /// Appends pieces of markup one after the other.
    public mutating func appendInterpolation(_ pieces: [HTML]) {
        for piece in pieces { self.appendInterpolation(piece) }
    }

    /// Appends text, escaped.
    public mutating func appendInterpolation(_ text: String) {
        self.markup += escape(text).markup
    }

    /// Appends text, escaped; nothing for nil.
    public mutating func appendInterpolation(_ text: String?) {
        if let text { self.appendInterpolation(text) }
    }

    /// Appends the description of `value`, escaped, or `value` itself where it turns out to be `HTML`.
    public mutating func appendInterpolation<T: CustomStringConvertible>(_ value: T) {
        if let html = value as? HTML {
            self.appendInterpolation(html)
        } else {
            self.appendInterpolation(value.description)
        }
    }

    /// Appends the description of `value`, escaped; nothing for nil, and never the word "Optional".
    public mutating func appendInterpolation<T: CustomStringConvertible>(_ value: T?) {
        if let value { self.appendInterpolation(value) }
    }
}
