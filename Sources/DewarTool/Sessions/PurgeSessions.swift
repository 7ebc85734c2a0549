// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import ArgumentParser
import Sessions

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// `dewar sessions purge`.
struct PurgeSessions: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "purge", abstract: "Removes sessions that have expired, and no live one.",
        discussion: """
            Servers do that by themselves, every minute. Redis removes expired sessions without being asked.

            Example:
              dewar sessions purge --store postgres://shop@db.internal/shop
            """)

    @OptionGroup var store: StoreOptions

    @Flag(help: "As a JSON object: how many were removed.")
    var json = false

    private static let batch = 500

    func run() async throws {
        try await self.store.withStore { store in
            var progress = Progress("removing expired sessions")
            var total = 0
            // Redis has nothing to remove and is not asked for it: one that is out of reach must not look empty.
            _ = try await store.scan(after: nil, limit: 1, at: Date())
            while true {
                let count = try await store.removeExpired(at: Date(), limit: Self.batch)
                total += count
                progress.show(total)
                guard count == Self.batch else { break }
            }
            progress.end()
            if self.json {
                Console.write(JSON.object(["removed": .int(total)]).line)
            } else {
                Console.write(Printable.count(total, "expired session") + " removed")
            }
        }
    }
}
