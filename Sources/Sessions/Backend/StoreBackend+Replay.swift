// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A cookie from before the last renewal, long after it.
///
/// Two hold cookies of one session then: the visitor and a thief. It cannot be told which is which, and so the session
/// ends for both (as OAuth ends a family of refresh tokens: RFC 9700, section 4.14.2). Only the secret before the last
/// renewal is remembered; an older one is a wrong one, which is refused and ends nothing.
extension StoreBackend {
    /// Ends the session if this is such a cookie, and says whether it did.
    func endIfReplayed(
        _ record: SessionRecord, _ secret: SessionSecret, arrival: Date, _ reporter: SessionReporter
    ) async throws -> Bool {
        guard self.isReplay(secret, of: record, arrival: arrival) else { return false }
        // A thief that hangs up does not get away.
        return try await Task { try await self.end(record, replayed: secret, arrival: arrival, reporter) }.value
    }

    /// Requests that were on their way when the secret was renewed, on demand or periodically, have the grace.
    private func isReplay(_ secret: SessionSecret, of record: SessionRecord, arrival: Date) -> Bool {
        guard let previous = record.previousSecretHash, secret.matches(previous), !secret.matches(record.secretHash)
        else { return false }
        // A record that no write can replace opens no session, and there is none to end.
        guard record.hasFurtherVersions else { return false }
        let now = min(arrival.wholeMilliseconds, self.now)
        guard now > record.renewedAt.adding(self.configuration.renewalGrace) else { return false }
        return record.graceEnd.map { now > $0 } ?? true
    }

    private func end(
        _ record: SessionRecord, replayed secret: SessionSecret, arrival: Date, _ reporter: SessionReporter
    ) async throws -> Bool {
        await self.turns.take(record.id)
        defer { self.turns.pass(record.id) }
        var record = record
        for _ in 0..<Self.maximumStalls {
            let dead = self.dead(record)
            // To remove a record that another has removed succeeds as well; to replace one succeeds once.
            if try await self.store.write(dead, replacing: record.version, at: self.now) {
                reporter.replayed(SessionSubject(record))
                await self.remove(dead, reporter)
                return true
            }
            guard let next = try await self.store.read(record.id, at: self.now),
                self.isReplay(secret, of: next, arrival: arrival)
            else { return false }
            record = next
        }
        throw StoreFault.refusal
    }

    /// The record with a secret that is thrown away, and nothing in it.
    private func dead(_ record: SessionRecord) -> SessionRecord {
        var dead = record
        dead.version += 1
        dead.secretHash = SessionSecret(using: self.random).hash
        dead.previousSecretHash = nil
        dead.graceEnd = nil
        dead.contents = []
        dead.user = nil
        return dead
    }

    /// The session is over already, and what is left of it would expire; a failure here undoes nothing.
    private func remove(_ dead: SessionRecord, _ reporter: SessionReporter) async {
        do {
            try await self.listener?.ended(dead.id, reporter)
            _ = try await self.store.remove(dead.id, ifVersion: dead.version)
        } catch {
            reporter.storeFailed(error)
        }
    }
}
