// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import Sessions
import SessionsSQLite
import TestSupport
import Testing

@Suite struct StolenDatabaseTests {
    private let folder: TemporaryFolder
    private let stolen: StolenStore

    init() throws {
        self.folder = try TemporaryFolder()
        self.stolen = try StolenStore(try SQLiteStore(path: self.folder.file("sessions.sqlite")))
    }

    @Test func theSecretIsNotInTheFiles() async throws {
        let cookies = try await self.stolen.twoCookies()
        let files = try self.folder.bytes()
        #expect(files.keys.contains("sessions.sqlite-wal"))
        for cookie in cookies {
            #expect(files.values.contains { $0.range(of: cookie.id) != nil })
            for (name, bytes) in files { #expect(!cookie.isGivenAway(by: bytes), "\(name)") }
        }
    }

    /// Not even somebody who has the signing key as well.
    @Test func whatIsInTheDatabaseOpensNoSession() async throws {
        let cookie = try await self.stolen.twoCookies()[1]
        #expect(try await self.stolen.opens(cookie, with: cookie.secret))
        for hash in try await self.stolen.hashes(of: cookie) {
            #expect(try await !self.stolen.opens(cookie, with: hash))
        }
    }
}
