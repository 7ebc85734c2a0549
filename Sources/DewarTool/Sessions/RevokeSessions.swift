// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import ArgumentParser
import Sessions

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// `dewar sessions revoke`.
struct RevokeSessions: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke", abstract: "Ends sessions: some by their ids, one user's, or everybody's.",
        discussion: """
            The servers need no restart: the next request of such a session is that of a new visitor. Sealed cookies \
            that hold their session are in no store, and are not ended by this.

            Examples:
              dewar sessions revoke 2f1c0d3a9b8e47566574839201aabbcc
              dewar sessions revoke --user alice
              dewar sessions revoke --everybody --yes
            """)

    @Argument(help: ArgumentHelp("Ids of sessions, from the list; status 2 if one has none.", valueName: "id"))
    var ids: [String] = []

    @OptionGroup var store: StoreOptions

    @Option(help: ArgumentHelp("All sessions of this user.", valueName: "name"))
    var user: String?

    @Flag(help: "All sessions that began before now.")
    var everybody = false

    @OptionGroup var confirmation: Confirmation

    @Flag(help: "As a JSON object: how many sessions have ended.")
    var json = false

    func validate() throws {
        guard [!self.ids.isEmpty, self.user != nil, self.everybody].count(where: \.self) == 1 else {
            throw ValidationError("Say which sessions: ids, or --user, or --everybody.")
        }
        if self.user?.isEmpty ?? false { throw ValidationError("--user takes a name, and no user's name is empty.") }
        for id in self.ids { _ = try SessionIDArgument.parse(id) }
    }

    func run() async throws {
        try await self.store.withStore { store in
            let ending = SessionEnding(store: store, now: Date())
            var missing = 0
            let count: Int
            if let user {
                try self.confirmation.check("End all sessions of \(Printable.text(user))?")
                count = try await ending.end(ofUser: user)
            } else if self.everybody {
                try self.confirmation.check("End the sessions of everybody?")
                count = try await ending.endAll()
            } else {
                let ids = Set(try self.ids.map(SessionIDArgument.parse))
                try self.confirmation.check("End \(ids.count == 1 ? "this session" : "these \(ids.count) sessions")?")
                count = try await ending.end(ids)
                missing = ids.count - count
            }
            self.report(count)
            guard missing == 0 else {
                throw ToolError("Of the ids, \(missing) had no session; it may have ended.", status: .negative)
            }
        }
    }

    private func report(_ count: Int) {
        if self.json {
            Console.write(JSON.object(["revoked": .int(count)]).line)
        } else {
            Console.write(Printable.count(count, "session") + " ended")
        }
    }
}

/// Ends sessions in a store beside running servers.
struct SessionEnding {
    let store: any ScannableSessionStore
    let now: Date

    /// How often the store is asked again: a sign-in may have been on its way.
    private static let maximumRounds = 20

    /// Ends the sessions with these ids, and counts those that were there.
    func end(_ ids: some Sequence<SessionID>) async throws -> Int {
        var count = 0
        for id in ids {
            let record = try await self.store.read(id, at: self.now)
            guard record.map({ SessionSummary($0).isSession }) ?? false else { continue }
            try await self.store.remove(id)
            count += 1
        }
        return count
    }

    /// Ends a user's sessions, again until there is none: an index may lag behind.
    func end(ofUser user: String) async throws -> Int {
        var total = 0
        for _ in 0..<Self.maximumRounds {
            var ended = 0
            for id in try await self.store.ids(ofUser: user, at: self.now) {
                ended += try await self.end(id, of: user) ? 1 : 0
            }
            guard ended > 0 else { break }
            total += ended
        }
        return total
    }

    /// Ends a session while it is this user's: another one may have signed in by now.
    private func end(_ id: SessionID, of user: String) async throws -> Bool {
        while let record = try await self.store.read(id, at: self.now) {
            guard let owner = record.user, owner.utf8.elementsEqual(user.utf8), SessionSummary(record).isSession else {
                return false
            }
            if try await self.store.remove(id, ifVersion: record.version) { return true }
        }
        return false
    }

    /// Ends every session that began before now. A second scan shows that none is left.
    func endAll() async throws -> Int {
        var progress = Progress("ending sessions")
        defer { progress.end() }
        var total = 0
        for _ in 0..<Self.maximumRounds {
            var ended = 0
            var cursor: SessionScanCursor?
            repeat {
                let page = try await self.store.scan(after: cursor, limit: 500, at: self.now)
                // Without the segments of a revocation list, sealed cookies that were signed out would be good again.
                let sessions = page.sessions.filter { $0.isSession && $0.createdAt <= self.now }
                ended += try await self.end(sessions.map(\.id))
                progress.show(total + ended)
                cursor = page.next
            } while cursor != nil
            guard ended > 0 else { break }
            total += ended
        }
        return total
    }
}
