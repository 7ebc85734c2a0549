// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import Sessions
import SessionsPostgres
import TestSupport
import Testing

@Suite struct StolenDatabaseTests {
    private let server: PostgresServer
    private let schema = newSchema()
    private let stolen: StolenStore

    init() async throws {
        self.server = try await PostgresServer.shared.value
        self.stolen = try StolenStore(try PostgresStore(self.server.url, schema: self.schema))
    }

    @Test func theSecretIsNotInTheFilesNorInADump() async throws {
        let cookies = try await self.stolen.twoCookies()
        let files = try await self.files()
        for cookie in cookies {
            #expect(files["table"]?.range(of: cookie.id) != nil)
            #expect(files["dump"]?.range(of: cookie.hexadecimalID) != nil)
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

    /// The table's file, the server's journal, and what `pg_dump` makes.
    private func files() async throws -> [String: Data] {
        let path = try await self.server.execute(
            "CHECKPOINT", "SELECT pg_relation_filepath('\(self.schema).dewar_sessions')")
        let data = self.server.folder.file("data/")
        let journal = try FileManager.default.contentsOfDirectory(atPath: data + "pg_wal").filter { $0.count == 24 }
        let dump = try PostgresPrograms.run([
            try PostgresPrograms.path(of: "pg_dump"), "--schema=\(self.schema)", self.server.url,
        ])
        var files = ["dump": Data(dump.utf8), "table": try Data(contentsOf: URL(fileURLWithPath: data + path[0]))]
        for name in journal { files[name] = try? Data(contentsOf: URL(fileURLWithPath: data + "pg_wal/" + name)) }
        #expect(files.count > 2)
        return files
    }
}
