// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// A session as a ``SessionStore`` keeps it.
///
/// Nothing in it lets anybody in: of the secret in the browser's cookie only the SHA-256 is here. Times are whole
/// milliseconds.
public struct SessionRecord: Sendable, Hashable {
    /// Names the session; the store's key.
    public let id: SessionID
    /// SHA-256 of the secret in the cookie, 32 bytes.
    public var secretHash: [UInt8]
    /// SHA-256 of the secret before the last renewal, which is good until ``graceEnd``, and ends the session when it
    /// comes long after the renewal: a thief has a copy of a cookie.
    public var previousSecretHash: [UInt8]?
    /// Until when the previous secret is good, for requests that were on their way at a periodic renewal; nil when it
    /// is not good at all, because the renewal was asked for.
    public var graceEnd: Date?
    /// Grows by one with every write; the first is 1.
    public var version: Int
    /// The session's values, encoded and perhaps encrypted: bytes to the store.
    public var contents: [UInt8]
    /// When the session began: with its first write, its last sign-in or its last step-up.
    public var createdAt: Date
    /// When the secret was made.
    public var renewedAt: Date
    /// When its user last proved who they are; written from the entry `_authenticated_at` of the contents.
    public var authenticatedAt: Date?
    /// When the session was last used, give or take the touch interval.
    public var lastUsedAt: Date
    /// The longest time between two uses.
    public var idleTimeout: Duration
    /// When the session ends however much it is used; nil for never.
    public var absoluteEnd: Date?
    /// Who is signed in, for the list of a user's sessions; written from the entry `_user_id` of the contents.
    public var user: String?
    /// What the user's list of devices calls this one, from the `User-Agent`.
    public var deviceLabel: String?

    /// A record from its parts.
    public init(
        id: SessionID, secretHash: [UInt8], previousSecretHash: [UInt8]? = nil, graceEnd: Date? = nil, version: Int = 1,
        contents: [UInt8] = [], createdAt: Date, renewedAt: Date? = nil, authenticatedAt: Date? = nil,
        lastUsedAt: Date? = nil, idleTimeout: Duration, absoluteEnd: Date? = nil, user: String? = nil,
        deviceLabel: String? = nil
    ) {
        self.id = id
        self.secretHash = secretHash
        self.previousSecretHash = previousSecretHash
        self.graceEnd = graceEnd
        self.version = version
        self.contents = contents
        self.createdAt = createdAt
        self.renewedAt = renewedAt ?? createdAt
        self.authenticatedAt = authenticatedAt
        self.lastUsedAt = lastUsedAt ?? createdAt
        self.idleTimeout = idleTimeout
        self.absoluteEnd = absoluteEnd
        self.user = user
        self.deviceLabel = deviceLabel
    }

    /// When the session ends unless it is used before: the idle or the absolute limit, whichever comes first.
    public var expiresAt: Date {
        let idleEnd = self.lastUsedAt.adding(self.idleTimeout)
        return self.absoluteEnd.map { min($0, idleEnd) } ?? idleEnd
    }

    /// Whether a write can still replace the record, and be taken back. No session is written so often that it could
    /// not: who asks has a record that was made up, or damaged.
    var hasFurtherVersions: Bool { self.version < .max - 1 }

    /// Whether the session has ended: from the very moment of ``expiresAt`` on.
    public func isExpired(at now: Date) -> Bool {
        now >= self.expiresAt
    }
}
