// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// The name of a session value together with its type, so that the compiler checks both ends.
///
/// ```swift
/// extension SessionKey where Value == [String: Int] {
///     static let cart = SessionKey("cart")
/// }
///
/// session[.cart, default: [:]]["apple", default: 0] += 1
/// ```
public struct SessionKey<Value: Codable & Sendable>: Sendable, Hashable {
    /// The key in the session.
    public let name: String

    /// A key for values of this type.
    public init(_ name: String) {
        self.name = name
    }
}
