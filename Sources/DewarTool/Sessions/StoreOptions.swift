// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import ArgumentParser
import Sessions

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The store that a command works on.
struct StoreOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The store: \(StoreLocation.forms). Without it, the variable DEWAR_STORE: other users of the machine can "
                + "read a command line, passwords included.", valueName: "store"))
    var store: String?

    @Option(help: ArgumentHelp("The table, in SQLite and PostgreSQL; dewar_sessions if not given.", valueName: "name"))
    var table: String?

    func validate() throws {
        let location = try self.location()
        guard self.table == nil || location.hasTable else {
            throw ValidationError("--table is for SQLite and PostgreSQL; a \(location.engine) store has no table.")
        }
    }

    /// The location is not quoted in errors: it may have a password in it.
    func location() throws -> StoreLocation {
        guard let text = self.store ?? ProcessInfo.processInfo.environment["DEWAR_STORE"] else {
            throw ValidationError("Say which store: --store \(StoreLocation.forms), or set DEWAR_STORE.")
        }
        guard let location = StoreLocation(text) else {
            let source = self.store == nil ? "DEWAR_STORE" : "--store"
            throw ValidationError("\(source) takes \(StoreLocation.forms).")
        }
        return location
    }

    /// Runs a command with the store, and closes the store when it ends.
    func withStore(creates: Bool = false, _ body: (any ScannableSessionStore) async throws -> Void) async throws {
        let open = try await self.location().open(table: self.table, creates: creates)
        do {
            try await body(open.store)
        } catch {
            await open.close()
            throw error
        }
        await open.close()
    }
}
