// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import GRDB
import Sessions
import SessionsSQLite
import SessionsTesting
import TestSupport
import Testing

@Suite struct StolenDatabaseTests {
    private static let key: SecretKey = "7f3c9a51e0d84b62a1c5f7e93d20b846"
    private let folder: TemporaryFolder
    private let store: SQLiteStore
    private let sessions: SessionManager
    private let clock = ManualClock(start)

    init() throws {
        self.folder = try TemporaryFolder()
        self.store = try SQLiteStore(path: self.folder.file("sessions.sqlite"))
        var configuration = SessionConfiguration.stored(in: self.store)
        configuration.renewalInterval = .seconds(60)
        self.sessions = try SessionManager(
            keys: SecretKeys(Self.key), configuration: configuration, clock: self.clock.sessionClock)
    }

    @Test func theSecretIsNotInTheFiles() async throws {
        let cookies = try await self.twoCookies()
        let files = try self.folder.bytes()
        #expect(files.keys.contains("sessions.sqlite-wal"))
        for cookie in cookies {
            let (id, secret) = try self.parts(of: cookie)
            #expect(files.values.contains { $0.range(of: id) != nil })
            let hexadecimal = secret.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
            // In base64 the secret begins in the middle of a group, so its own text is found from the second group on.
            let spellings = [
                secret, Data(hexadecimal.utf8), Data(hexadecimal.uppercased().utf8),
                Data(secret.base64EncodedString().utf8.dropLast(4)),
                Data(secret.dropFirst(2).base64EncodedString().utf8),
                Data(try self.value(of: cookie).utf8.prefix(64).dropFirst(24)),
            ]
            for (name, bytes) in files {
                for spelling in spellings { #expect(bytes.range(of: spelling) == nil, "\(name)") }
            }
        }
    }

    /// Not even somebody who has the signing key as well.
    @Test func whatIsInTheDatabaseOpensNoSession() async throws {
        let cookies = try await self.twoCookies()
        let (id, secret) = try self.parts(of: cookies[1])
        let sessionID = try #require(SessionID(bytes: id))
        let record = try #require(try await self.store.read(sessionID, at: self.clock.now))
        let previous = try #require(record.previousSecretHash)
        #expect(try await self.sessions.open([self.forged(id: id, secret: Array(secret))]).isNew == false)
        for stolen in [record.secretHash, previous, [UInt8](repeating: 0, count: 32)] {
            #expect(try await self.sessions.open([self.forged(id: id, secret: stolen)]).isNew)
        }
    }

    /// A session's cookie, and the one after its periodic renewal.
    private func twoCookies() async throws -> [String] {
        let session = try await self.sessions.open([])
        session["user"] = "arthur"
        let first = try #require(try await self.sessions.commit(session).setCookie)
        self.clock.advance(by: .seconds(61))
        let next = try await self.sessions.open([self.pair(of: first)])
        let second = try #require(try await self.sessions.commit(next).setCookie)
        return [first, second]
    }

    private func pair(of cookie: String) -> String { String(cookie.prefix { $0 != ";" }) }

    private func value(of cookie: String) throws -> String {
        String(try #require(self.pair(of: cookie).split(separator: "=", maxSplits: 1).last))
    }

    private func parts(of cookie: String) throws -> (id: Data, secret: Data) {
        let payload = try self.value(of: cookie).prefix { $0 != "." }
        let base64 = payload.replacingOccurrences(of: "-", with: "+").replacingOccurrences(of: "_", with: "/")
        let bytes = try #require(Data(base64Encoded: base64))
        try #require(bytes.count == 48)
        return (bytes.prefix(16), Data(bytes.dropFirst(16)))
    }

    private func forged(id: Data, secret: [UInt8]) -> String {
        let name = self.sessions.configuration.cookie.name
        let payload = (id + secret).base64EncodedString()
            .replacingOccurrences(of: "+", with: "-").replacingOccurrences(of: "/", with: "_")
        let token = Signer(keys: SecretKeys(Self.key), salt: "dewar.ticket." + name, digest: .sha256).sign(
            Array(payload.utf8))
        return name + "=" + String(decoding: token, as: UTF8.self)
    }
}
