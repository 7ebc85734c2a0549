// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// One live session in a user's list of devices.
///
/// It opens no session: neither the id nor anything else in it is a secret.
public struct ActiveSession: Sendable, Hashable, Identifiable {
    /// Names the session, for ``SessionManager/revoke(_:of:by:)``.
    public let id: SessionID
    /// The browser that signed in, from its `User-Agent`, such as "Firefox on Linux"; nil when it named none.
    public let deviceLabel: String?
    /// When the session began: with the sign-in, or the last step-up.
    public let createdAt: Date
    /// When the user last proved who they are; nil when the application named the user without ``Session/signIn(as:)``.
    public let authenticatedAt: Date?
    /// When the session was last used, to the accuracy of the touch interval.
    public let lastUsedAt: Date
    /// When the session ends unless it is used before.
    public let expiresAt: Date
    /// Whether it is the session of the current request.
    public let isCurrent: Bool
}

extension ActiveSession {
    init(_ record: SessionRecord, current: SessionID?) {
        self.init(
            id: record.id, deviceLabel: record.deviceLabel, createdAt: record.createdAt,
            authenticatedAt: record.authenticatedAt, lastUsedAt: record.lastUsedAt, expiresAt: record.expiresAt,
            isCurrent: record.id == current)
    }
}
