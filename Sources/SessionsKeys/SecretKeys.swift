// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// The key that signs and the keys that are accepted as well: Flask's `SECRET_KEY` and `SECRET_KEY_FALLBACKS`.
///
/// To change keys without signing visitors out, every server first accepts the new key. Then every server signs with it
/// and accepts the old one, until every session has been sent again or has ended:
///
/// ```swift
/// let first = SecretKeys("the old key", fallbacks: ["the new key"])
/// let then = SecretKeys("the new key", fallbacks: ["the old key"])
/// ```
///
/// A file does the same without a change to the program: ``init(file:access:)``.
public struct SecretKeys: Sendable {
    /// The key that signs.
    public let current: SecretKey
    /// Keys that only verify, with their ends.
    public let accepted: [AcceptedKey]
    /// Every key, in the order in which they are tried: first the one that signs, then the accepted ones, the last of
    /// them first. A token that one key made opens under no other, so that the order only saves time.
    package let all: [WatchedKey]

    /// Keys that only verify.
    public var fallbacks: [SecretKey] { self.accepted.map(\.key) }

    /// Keys to sign and to verify with.
    public init(_ current: SecretKey, fallbacks: [SecretKey] = []) {
        self.init(current, accepting: fallbacks.map { AcceptedKey($0) })
    }

    /// Keys to sign and to verify with. Some of the accepted keys may have an end.
    ///
    /// ```swift
    /// let keys = SecretKeys(new, accepting: [AcceptedKey(old, until: endOfJanuary)])
    /// ```
    ///
    /// - Parameters:
    ///   - current: The key that signs.
    ///   - accepted: The keys that only verify: older ones, and newer ones that are to sign later.
    public init(_ current: SecretKey, accepting accepted: [AcceptedKey]) {
        self.init(current, accepting: accepted, watch: .silent)
    }

    private init(_ current: SecretKey, accepting accepted: [AcceptedKey], watch: KeyWatch) {
        self.current = current
        self.accepted = accepted
        self.all = ([AcceptedKey(current)] + accepted.reversed()).map(watch.watching)
    }

    /// The same keys, whose use is watched.
    package func watched(by watch: KeyWatch) -> SecretKeys {
        SecretKeys(self.current, accepting: self.accepted, watch: watch)
    }
}

extension SecretKeys: Hashable {
    /// Whether the keys and their ends are the same.
    public static func == (left: Self, right: Self) -> Bool {
        left.current == right.current && left.accepted == right.accepted
    }

    /// Hashes what `==` compares.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(self.current)
        hasher.combine(self.accepted)
    }
}

extension SecretKeys: ExpressibleByStringLiteral {
    /// One key, as text, and no older ones.
    public init(stringLiteral value: String) { self.init(SecretKey(value)) }
}

extension SecretKeys: CustomStringConvertible, CustomReflectable {
    /// How many keys there are, and the fingerprint of the one that signs.
    public var description: String {
        "SecretKeys(current: \(self.current), fallbacks: \(self.accepted.count))"
    }

    /// `dump` shows no more than `print`.
    public var customMirror: Mirror { Mirror(self, children: ["current": self.current, "accepted": self.accepted]) }
}

/// A key that verifies and does not sign: an older key, or a new one that every server must know before it signs.
public struct AcceptedKey: Sendable, Hashable {
    /// The key.
    public let key: SecretKey
    /// The moment from which it is refused; nil for never.
    public let end: Date?

    /// A key that is accepted until a moment, or without an end.
    public init(_ key: SecretKey, until end: Date? = nil) {
        self.key = key
        self.end = end
    }
}
