// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import ArgumentParser
import Sessions

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Which sessions a command is about.
struct SessionFilter: ParsableArguments {
    @Option(help: ArgumentHelp("Only this user's.", valueName: "name"))
    var user: String?

    @Option(
        help: ArgumentHelp("Only those that began so long ago or longer: 90s, 15m, 12h, 30d, 4w.", valueName: "age"))
    var olderThan: Age?

    @Option(help: ArgumentHelp("Only those that were not used for so long or longer.", valueName: "age"))
    var unusedFor: Age?

    func validate() throws {
        if self.user?.isEmpty ?? false { throw ValidationError("--user takes a name, and no user's name is empty.") }
    }

    func contains(_ session: SessionSummary, at now: Date) -> Bool {
        if let user, !(session.user.map { $0.utf8.elementsEqual(user.utf8) } ?? false) { return false }
        if let olderThan, session.createdAt > olderThan.before(now) { return false }
        if let unusedFor, session.lastUsedAt > unusedFor.before(now) { return false }
        return true
    }

    /// The next sessions that it contains, at most so many, and where the next ones begin.
    ///
    /// A user's sessions come from the index of users, all at once; a scan gives those of all users.
    func page(
        of store: any ScannableSessionStore, after cursor: SessionScanCursor?, limit: Int, at now: Date
    ) async throws -> SessionPage {
        guard let user else {
            let page = try await store.scan(after: cursor, limit: limit, at: now)
            return SessionPage(
                sessions: page.sessions.filter { $0.isSession && self.contains($0, at: now) }, next: page.next)
        }
        var sessions: [SessionSummary] = []
        for id in try await store.ids(ofUser: user, at: now) {
            guard let record = try await store.read(id, at: now).map({ SessionSummary($0) }) else { continue }
            if record.isSession, self.contains(record, at: now) { sessions.append(record) }
        }
        return SessionPage(sessions: sessions.sorted { $0.lastUsedAt > $1.lastUsedAt }, next: nil)
    }
}
