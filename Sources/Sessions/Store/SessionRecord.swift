// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// A session as a ``SessionStore`` keeps it.
///
/// It opens no session: of the secret in the browser's cookie it holds only the SHA-256. Times are whole milliseconds.
public struct SessionRecord: Sendable, Hashable {
    /// Names the session; the store's key.
    public let id: SessionID
    /// SHA-256 of the secret in the cookie, 32 bytes.
    public var secretHash: [UInt8]
    /// SHA-256 of the secret before the last renewal. The secret is accepted until ``graceEnd``. If it arrives long
    /// after the renewal, it is a replay and ends the session: a thief has a copy of the cookie.
    public var previousSecretHash: [UInt8]?
    /// The moment until which the previous secret is accepted, for requests in flight at a periodic renewal. Nil after
    /// a renewal that was asked for: the previous secret is then not accepted at all.
    public var graceEnd: Date?
    /// Grows by one with every write; the first is 1.
    public var version: Int
    /// The session's values, encoded and perhaps encrypted. A store treats them as plain bytes.
    public var contents: [UInt8]
    /// When the session began: its first write, its last sign-in or its last step-up.
    public var createdAt: Date
    /// When the secret was made.
    public var renewedAt: Date
    /// When the user last proved who they are; copied from the entry `_authenticated_at` of the contents.
    public var authenticatedAt: Date?
    /// When the session was last used, to the accuracy of the touch interval.
    public var lastUsedAt: Date
    /// The idle timeout: the longest time between two uses.
    public var idleTimeout: Duration
    /// When the absolute timeout ends the session, however much it is used; nil for never.
    public var absoluteEnd: Date?
    /// The signed-in user, for the list of a user's sessions; copied from the entry `_user_id` of the contents.
    public var user: String?
    /// The name of this device in the user's list of devices, from the `User-Agent`.
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

    /// When the session ends unless it is used before: by its idle or its absolute timeout, whichever comes first.
    public var expiresAt: Date {
        let idleEnd = self.lastUsedAt.adding(self.idleTimeout)
        return self.absoluteEnd.map { min($0, idleEnd) } ?? idleEnd
    }

    /// Whether two more versions exist: for a write that replaces the record, and for one that takes it back. No
    /// session is written often enough to use them up: a record without them is made up, or damaged.
    var hasFurtherVersions: Bool { self.version < .max - 1 }

    /// Whether the session has ended: from the moment of ``expiresAt`` on.
    public func isExpired(at now: Date) -> Bool {
        now >= self.expiresAt
    }
}

extension SessionRecord {
    /// Copies from the values who is signed in and since when. The values decide; the record is only their index.
    ///
    /// A sign-in or a step-up also restarts the session's times. Its absolute timeout keeps its length.
    mutating func follow(_ values: SessionDictionary, _ state: SessionState, at now: Date) {
        let user = values.user
        let isSignIn = state.intent.restartsLimits || !SessionUser.isSame(user, self.user)
        self.user = user
        self.authenticatedAt = values.authenticatedAt
        if isSignIn { self.deviceLabel = user.flatMap { _ in state.request.userAgent.flatMap(DeviceLabel.text) } }
        guard state.intent.restartsLimits else { return }
        let absolute = self.absoluteEnd.map { $0.milliseconds - self.createdAt.milliseconds }
        self.createdAt = now
        self.absoluteEnd = absolute.map { now.adding(.milliseconds($0)) }
    }
}
