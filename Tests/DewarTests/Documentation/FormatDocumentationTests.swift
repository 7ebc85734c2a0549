// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import Sessions
import SessionsTesting
import Testing

/// The tokens of docs/FORMATS.md are those that the code writes.
@Suite struct FormatDocumentationTests {
    private static let keys: SecretKeys = "an example key, 32 or more bytes long"

    private static func document() throws -> String {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
        return try String(contentsOf: folder.appending(path: "../../../docs/FORMATS.md"), encoding: .utf8)
    }

    /// The token of a session that was changed by the closure, at the time of `ManualClock`.
    private static func token(
        _ configuration: SessionConfiguration, _ change: (Session) -> Void
    ) async throws -> String {
        let manager = try SessionManager(
            keys: Self.keys, configuration: configuration, clock: ManualClock().sessionClock,
            random: SessionRandom { count in (0..<count).map { UInt8(truncatingIfNeeded: $0) } })
        let session = try await manager.open([])
        change(session)
        let cookie = try #require(try await manager.commit(session).setCookie)
        return String(cookie.prefix { $0 != ";" }.drop { $0 != "=" }.dropFirst())
    }

    @Test(arguments: [SessionFormat.flask, .signed, .sealed])
    func theExampleTokensAreWhatIsWritten(format: SessionFormat) async throws {
        var configuration = format == .flask ? SessionConfiguration.flask : .standard
        configuration.place = .cookies(format)
        // The page prints the key.
        configuration.allowsWeakKeys = true
        let token = try await Self.token(configuration) { $0["username"] = "admin" }
        #expect(try Self.document().contains("\n\(token)\n"))
    }

    @Test func theExampleTicketIsWhatIsWrittenAndWhatTheStoreKeeps() async throws {
        let store = MemoryStore()
        var configuration = SessionConfiguration.stored(in: store)
        // The page prints the key.
        configuration.allowsWeakKeys = true
        let token = try await Self.token(configuration) { $0["username"] = "admin" }
        let document = try Self.document()
        #expect(document.contains("\n\(token)\n"))
        let id = try #require(SessionID(bytes: Array(0..<16)))
        let record = try #require(store.read(id, at: ManualClock().now))
        let hash = record.secretHash.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        #expect(document.contains("in the store \(hash)\n"))
    }

    @Test func theCompressedTokenIsRead() async throws {
        let token = try #require(
            try Self.document().split(separator: "\n").first { $0.hasPrefix(".eJ") && $0.contains(".ZVPxAA.") })
        let manager = try SessionManager(
            keys: Self.keys, configuration: .flask, clock: ManualClock().sessionClock)
        let session = try await manager.open(["session=\(token)"])
        let visited: [String]? = session["visited"]
        #expect(visited == Array(repeating: "/", count: 40))
    }
}
