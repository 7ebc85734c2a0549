// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import ArgumentParser
import Sessions

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// `dewar sessions copy`.
struct CopySessions: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "copy", abstract: "Copies the live sessions of a store to another one.",
        discussion: """
            Stop the servers first. A session that ends in the store while it is copied would come back in the other \
            one. To move a site that runs, use MigratingStore: docs/MIGRATING.md. A store that is in use is \
            recognised, and the copy stops: it must begin again then, with an empty store.

            A copy that was cut short is begun again with the same command: what has arrived stays. The error may name \
            a cursor, and with it in --after the copy goes on from there. No session is signed out, and a session that \
            is newer in the other store is left alone.

            Examples:
              dewar sessions copy --store directory:sessions --to sqlite:sessions.sqlite
              dewar sessions copy --to postgres://shop@db.internal/shop
              dewar sessions copy --to postgres://shop@db.internal/shop --after CURSOR
            """)

    @OptionGroup var store: StoreOptions

    @Option(help: ArgumentHelp("The store that gets them, which is made if it is not there.", valueName: "store"))
    var to: String

    @Option(help: ArgumentHelp("The table there, in SQLite and PostgreSQL.", valueName: "name"))
    var toTable: String?

    @Option(help: ArgumentHelp("Go on after this cursor, as an earlier copy said.", valueName: "cursor"))
    var after: String?

    @OptionGroup var confirmation: Confirmation

    @Flag(help: "As a JSON object.")
    var json = false

    func validate() throws {
        let target = try self.target()
        guard self.toTable == nil || target.hasTable else {
            throw ValidationError("--to-table is for SQLite and PostgreSQL; a \(target.engine) store has no table.")
        }
    }

    private func target() throws -> StoreLocation {
        guard let target = StoreLocation(self.to) else {
            throw ValidationError("--to takes \(StoreLocation.forms).")
        }
        return target
    }

    func run() async throws {
        try await self.store.withStore { source in
            try self.confirmation.check("Are all servers that use the store stopped?")
            let cursor = self.after.map { SessionScanCursor($0) }
            // A source that is out of reach, and a cursor that means nothing, are found before a store is made.
            _ = try await source.scan(after: cursor, limit: 1, at: Date())
            let open = try await self.target().open(table: self.toTable, creates: true)
            do {
                var copy = SessionCopy(from: source, to: open.store, cursor: cursor)
                try await copy.run()
                Console.write(self.json ? copy.json.line : copy.description)
            } catch {
                await open.close()
                throw error
            }
            await open.close()
        }
    }
}
