// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Which of several cookies of the session's name counts.
///
/// A browser sends two where one has another path or domain than the other: one from before a setting changed, or one
/// that a neighbouring site planted. It sends the longest path first, and does not say which is whose (RFC 6265,
/// sections 4.2.2 and 5.4). A server that looks at the first alone shows the sign-in page again and again to a visitor
/// whose first cookie is stale.
///
/// The rule: of the first four cookies of the name the first counts whose signature is good and whose session is live.
/// When none is, the first one is opened, so that the log and the counters say what is wrong with it.
enum CookieChoice {
    /// How many cookies are tried; a request must not cost more than so many verifications.
    static let limit = 4
}

extension SessionBackend {
    /// The cookie to open among several; nil when all are empty. Nothing is verified when one alone is not empty, and no
    /// store is asked when one alone verifies.
    func choose(among values: [ArraySlice<UInt8>], arrival: Date) async -> ArraySlice<UInt8>? {
        let tokens = values.filter { !$0.isEmpty }
        guard tokens.count > 1 else { return tokens.first }
        let candidates = tokens.filter { self.verifies($0) }
        guard candidates.count > 1 else { return candidates.first ?? tokens.first }
        for token in candidates {
            if await self.isLive(token, arrival: arrival) { return token }
        }
        return candidates.first
    }
}

/// Judging one of several cookies of the session's name. The revocation list is asked, and learns nothing.
extension CookieBackend {
    func verifies(_ token: ArraySlice<UInt8>) -> Bool {
        (try? self.coder.decode(token, now: self.clock.seconds)) != nil
    }

    func isLive(_ token: ArraySlice<UInt8>, arrival: Date) async -> Bool {
        do {
            try await self.ledger?.prepare()
        } catch {
            // The opening says what is wrong.
            return true
        }
        guard let contents = try? self.coder.decode(token, now: self.clock.seconds) else { return false }
        return self.ledger?.isLive(RevocableCookie(contents), arrival: arrival) ?? true
    }
}

/// Judging one of several cookies of the session's name. A replayed one ends nothing here: the browser that sends it
/// has another one, which may be good.
extension StoreBackend {
    func verifies(_ token: ArraySlice<UInt8>) -> Bool { (try? self.tickets.decode(token)) != nil }

    func isLive(_ token: ArraySlice<UInt8>, arrival: Date) async -> Bool {
        guard let ticket = try? self.tickets.decode(token) else { return false }
        do {
            let record = try await self.store.read(ticket.id, at: self.now)
            return (try? self.state(of: record, ticket: ticket, arrival: arrival)) != nil
        } catch {
            // No other session is taken because the store is out of reach; the opening says that it is.
            return true
        }
    }
}
