// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

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
