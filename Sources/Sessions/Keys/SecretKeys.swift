// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// The key that signs and the keys that are accepted besides: Flask's `SECRET_KEY` and `SECRET_KEY_FALLBACKS`.
///
/// To change keys without logging visitors out, every server first accepts the new key, then signs with it and accepts
/// the old one, until every session has been sent again or has ended:
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
    /// Keys that only verify, and how long.
    public let accepted: [AcceptedKey]
    /// Every key, in the order in which they are tried: the one that signs, and then the last of the others first. A
    /// token that one key made opens under no other, so that the order costs or saves time and nothing else.
    let all: [WatchedKey]

    /// Keys that only verify.
    public var fallbacks: [SecretKey] { self.accepted.map(\.key) }

    /// Keys to sign and to verify with.
    public init(_ current: SecretKey, fallbacks: [SecretKey] = []) {
        self.init(current, accepting: fallbacks.map { AcceptedKey($0) })
    }

    /// Keys to sign and to verify with, some of which end by themselves.
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

    /// The same keys, watched as they are used.
    func watched(by watch: KeyWatch) -> SecretKeys {
        SecretKeys(self.current, accepting: self.accepted, watch: watch)
    }
}

extension SecretKeys: Hashable {
    /// The same keys with the same ends.
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

/// A key that verifies and does not sign: an older one, or one that every server is to know before it signs.
public struct AcceptedKey: Sendable, Hashable {
    /// The key.
    public let key: SecretKey
    /// From when on it is refused; nil for never.
    public let end: Date?

    /// A key that is accepted until a moment, or for good.
    public init(_ key: SecretKey, until end: Date? = nil) {
        self.key = key
        self.end = end
    }
}
