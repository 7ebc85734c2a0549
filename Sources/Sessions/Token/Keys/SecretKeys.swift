// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// The key that signs and the older keys that are still accepted: Flask's `SECRET_KEY` and `SECRET_KEY_FALLBACKS`.
///
/// To change keys without logging anybody out, put the new key first and keep the old one as a fallback until the longest
/// session has ended:
///
/// ```swift
/// let keys = SecretKeys("the new key", fallbacks: ["the old key"])
/// ```
public struct SecretKeys: Sendable, Hashable {
    /// The key that signs.
    public let current: SecretKey
    /// Keys that only verify.
    public let fallbacks: [SecretKey]

    /// Keys to sign and to verify with.
    public init(_ current: SecretKey, fallbacks: [SecretKey] = []) {
        self.current = current
        self.fallbacks = fallbacks
    }

    /// Every key, the most likely first.
    var all: [SecretKey] { [self.current] + self.fallbacks.reversed() }
}

extension SecretKeys: ExpressibleByStringLiteral {
    public init(stringLiteral value: String) { self.init(SecretKey(value)) }
}

extension SecretKeys: CustomStringConvertible {
    public var description: String {
        "SecretKeys(current: \(self.current), fallbacks: \(self.fallbacks.count))"
    }
}
