// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// How many sessions there are, as far as they were counted.
///
/// No engine knows these numbers without looking at every session. So the count goes only so far, in sessions and in
/// time, and says where it has stopped.
struct SessionCount: Equatable {
    private(set) var sessions = 0
    private(set) var signedIn = 0
    private(set) var users = 0
    /// Whether there are no more than these.
    private(set) var isComplete = false

    /// The most sessions that are counted.
    static let limit = 10_000
    /// The longest time after which no further page of the store is read.
    static let patience = Duration.milliseconds(100)

    /// Counts a store's sessions.
    ///
    /// - Parameter clock: The time, for the store and for the patience.
    static func count(in store: any ScannableSessionStore, clock: SessionClock) async throws -> SessionCount {
        var count = SessionCount()
        // Redis may list a session twice.
        var seen = Set<SessionID>()
        var users = Set<[UInt8]>()
        let start = clock.elapsed()
        var cursor: SessionScanCursor?
        repeat {
            let page = try await store.scan(after: cursor, limit: 250, at: clock.now())
            for session in page.sessions where seen.insert(session.id).inserted && session.isSession {
                count.sessions += 1
                guard let user = session.user else { continue }
                count.signedIn += 1
                users.insert(Array(user.utf8))
            }
            cursor = page.next
        } while cursor != nil && seen.count < Self.limit && clock.elapsed() - start < Self.patience
        count.users = users.count
        count.isComplete = cursor == nil
        return count
    }
}
