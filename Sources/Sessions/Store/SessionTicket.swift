// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Crypto

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The contents of a stored session's cookie: the id of the session, and the secret that opens it.
package struct SessionTicket: Sendable {
    package let id: SessionID
    package let secret: SessionSecret
    /// Whether a key other than the current one signed it, so that it is due to be sent again.
    var hasOtherKey = false
}

/// Tickets as the value of a cookie: base64url of id and secret, signed with HMAC-SHA-256 for the cookie's name.
///
/// The signature keeps junk away from the store; the secret is what opens the session.
package struct SessionTicketCoder: Sendable {
    private let signer: Signer

    package init(keys: SecretKeys, cookieName: String) {
        self.signer = Signer(keys: keys, salt: "dewar.ticket." + cookieName, digest: .sha256)
    }

    func encode(_ ticket: SessionTicket) -> String {
        let token = self.signer.sign(Base64.encodeURLSafe(ticket.id.bytes + ticket.secret.bytes))
        return String(decoding: token, as: UTF8.self)
    }

    /// Whether a text has the form of a ticket: exactly one dot. Sealed tokens have none, other tokens have two.
    /// Nothing else is checked.
    package static func hasForm(of token: ArraySlice<UInt8>) -> Bool {
        token.count { $0 == Signer.separator } == 1
    }

    package func decode(_ token: ArraySlice<UInt8>) throws(TokenError) -> SessionTicket {
        let (value, hasOtherKey) = try self.signer.unsignTellingKey(token)
        guard let bytes = Base64.decodeURLSafe(value), bytes.count == SessionID.length + SessionSecret.length else {
            throw TokenError(.badPayload)
        }
        return SessionTicket(
            id: SessionID(TwoWords(bytes)), secret: SessionSecret(bytes: bytes[SessionID.length...]),
            hasOtherKey: hasOtherKey)
    }
}

/// The secret in the browser's cookie: 256 random bits, of which the store keeps only the SHA-256.
package struct SessionSecret: Sendable {
    let bytes: ArraySlice<UInt8>

    package static let length = 32

    init(using random: SessionRandom) {
        self.bytes = random.bytes(Self.length)[...]
    }

    init(bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
    }

    var hash: [UInt8] { SHA256.hash(data: self.bytes).bytes }

    /// Whether a stored hash is that of this secret, compared in constant time.
    func matches(_ hash: [UInt8]) -> Bool {
        SHA256.hash(data: self.bytes).hasSameBytes(as: hash)
    }
}

/// The record that a request's cookie opened, and what the cookie proved.
///
/// It is an object: as a structure of some twenty parts it would be copied with every state of the session.
final class StoredSession: Sendable {
    let record: SessionRecord
    /// The secret that the cookie carried.
    let secret: SessionSecret
    /// False for the secret before a renewal, within its grace period.
    let hasCurrentSecret: Bool
    /// The record's contents, decoded.
    let values: SessionDictionary
    /// Whether a key other than the one that was current when the request came signed the cookie.
    let hasOtherKey: Bool
    /// How often the keys had changed by then: they may change once more before the request is answered.
    let keyChanges: Int

    init(
        record: SessionRecord, secret: SessionSecret, hasCurrentSecret: Bool, values: SessionDictionary,
        hasOtherKey: Bool, keyChanges: Int
    ) {
        self.record = record
        self.secret = secret
        self.hasCurrentSecret = hasCurrentSecret
        self.values = values
        self.hasOtherKey = hasOtherKey
        self.keyChanges = keyChanges
    }

    var wasPermanent: Bool { self.values.isPermanent }
}

extension StoredSession: FoundSession {
    var id: SessionID? { self.record.id }
    var isMerged: Bool { true }

    /// The record's own timeouts.
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
    /// The record that the cookie opened; nil when it opened none.
    var stored: StoredSession? { self.found as? StoredSession }
}
