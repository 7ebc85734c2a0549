// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Crypto

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What the cookie of a stored session carries: which session, and the secret that opens it.
struct SessionTicket: Sendable {
    let id: SessionID
    let secret: SessionSecret
    /// Whether it was signed with another key than the one that signs now, and so is to be sent again.
    var hasOtherKey = false
}

/// Tickets as the value of a cookie: base64url of id and secret, signed with HMAC-SHA-256 for the cookie's name.
///
/// The signature keeps junk away from the store; it is the secret that lets in.
struct SessionTicketCoder: Sendable {
    private let signer: Signer

    init(keys: SecretKeys, cookieName: String) {
        self.signer = Signer(keys: keys, salt: "dewar.ticket." + cookieName, digest: .sha256)
    }

    func encode(_ ticket: SessionTicket) -> String {
        let token = self.signer.sign(Base64.encodeURLSafe(ticket.id.bytes + ticket.secret.bytes))
        return String(decoding: token, as: UTF8.self)
    }

    /// Whether a text could be a ticket: it has one dot, where sealed tokens have none and others two. Nothing else is
    /// checked.
    static func hasForm(of token: ArraySlice<UInt8>) -> Bool {
        token.count { $0 == Signer.separator } == 1
    }

    func decode(_ token: ArraySlice<UInt8>) throws(TokenError) -> SessionTicket {
        let (value, hasOtherKey) = try self.signer.unsignTellingKey(token)
        guard let bytes = Base64.decodeURLSafe(value), bytes.count == SessionID.length + SessionSecret.length,
            let id = SessionID(bytes: bytes.prefix(SessionID.length))
        else { throw TokenError(.badPayload) }
        return SessionTicket(
            id: id, secret: SessionSecret(bytes: bytes[SessionID.length...]), hasOtherKey: hasOtherKey)
    }
}

/// What the browser's cookie proves: 256 random bits, of which the store keeps only the SHA-256.
struct SessionSecret: Sendable {
    let bytes: [UInt8]

    static let length = 32

    init(using random: SessionRandom) {
        self.bytes = random.bytes(Self.length)
    }

    init(bytes: ArraySlice<UInt8>) {
        self.bytes = Array(bytes)
    }

    var hash: [UInt8] { Array(SHA256.hash(data: self.bytes)) }

    /// Whether a kept hash is this secret's, compared in constant time.
    func matches(_ hash: [UInt8]) -> Bool {
        SHA256.hash(data: self.bytes) == hash
    }
}

/// The record that a request's cookie opened, and how.
struct StoredSession: Sendable {
    let record: SessionRecord
    /// The secret that the cookie carried.
    let secret: SessionSecret
    /// False for the secret before a renewal, in its grace.
    let hasCurrentSecret: Bool
    /// What the record held.
    let values: SessionDictionary
    /// Whether the cookie was signed with another key than the one that signs now.
    var hasOtherKey = false

    var wasPermanent: Bool { self.values.isPermanent }
}

extension StoredSession: FoundSession {
    var id: SessionID? { self.record.id }
    var isMerged: Bool { true }

    /// The limits that the record has.
    var lifetime: SessionLifetime? {
        let begin = self.record.createdAt.milliseconds
        return SessionLifetime(
            idle: self.record.idleTimeout,
            absolute: self.record.absoluteEnd.map { .milliseconds($0.milliseconds - begin) })
    }

    func expiresAt(within configured: SessionLifetime) -> Date? { self.record.expiresAt }

    func absoluteEnd(within configured: SessionLifetime) -> Date? { self.record.absoluteEnd }
}

extension SessionState {
    /// The record that the cookie led to; nil when it led to none.
    var stored: StoredSession? { self.found as? StoredSession }
}
