// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// When a stored session gets a new secret, and what becomes of the secret before.
extension StoreBackend {
    /// Whether the time for a periodic renewal has come.
    func isRenewalDue(_ stored: StoredSession, at now: Date) -> Bool {
        guard stored.hasCurrentSecret, let interval = self.settings.renewalInterval else { return false }
        return now >= stored.record.renewedAt.adding(interval)
    }

    /// Gives the record a new secret, and gives the ticket to send.
    ///
    /// - Parameter isAsked: Whether `renew()` or a sign-in asks for it. The secret before is refused at once then; after
    ///   a periodic renewal it is accepted for the grace period, for requests in flight. The record remembers it in both
    ///   cases, to know a copied cookie when it comes.
    func renew(_ record: inout SessionRecord, isAsked: Bool, at now: Date) -> SessionTicket {
        let secret = SessionSecret(using: self.random)
        record.previousSecretHash = record.secretHash
        record.graceEnd = isAsked ? nil : now.adding(self.configuration.renewalGrace)
        record.secretHash = secret.hash
        record.renewedAt = now
        return SessionTicket(id: record.id, secret: secret)
    }

    /// Whether a request that came with this secret may still write: not once `renew()` has ended the secret under way.
    /// An attacker who holds a cookie from before a sign-in could otherwise keep a request waiting and change, or even
    /// take over, the session of the visitor who signs in. A periodic renewal leaves the requests on their way alone,
    /// however long.
    static func admitted(_ secret: SessionSecret, to record: SessionRecord) -> Bool {
        if secret.matches(record.secretHash) { return true }
        // Only a periodic renewal has a grace, over or not.
        guard let previous = record.previousSecretHash, record.graceEnd != nil else { return false }
        return secret.matches(previous)
    }
}
