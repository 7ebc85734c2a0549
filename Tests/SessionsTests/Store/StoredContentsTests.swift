// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions
import SessionsTesting
import TestSupport
import Testing

/// What is at rest when values are encrypted, and when they are not.
@Suite struct StoredContentsTests {
    private let old: SecretKey = "the old key, which was good for a year"
    private let new: SecretKey = "the new key, which will be good as long"
    private let value = "a value that is easy to find"

    private func isReadable(_ record: SessionRecord?) throws -> Bool {
        try #require(record).contents.firstRange(of: Array(self.value.utf8)) != nil
    }

    @Test(arguments: [false, true]) func encryptedValuesAreNotReadableAtRest(encrypts: Bool) async throws {
        let site = try StoreSite { $0.encryptsStoredValues = encrypts }
        var visitor = site.visitor()
        try await visitor.visit { $0["note"] = .string(self.value) }
        #expect(try self.isReadable(try await site.record(of: visitor)) != encrypts)
        #expect(try await visitor.look("note") == .string(self.value))
    }

    @Test func noTwoWritesOfTheSameValuesLookAlike() async throws {
        let site = try StoreSite { $0.encryptsStoredValues = true }
        var visitor = try await site.signedIn()
        let first = try await site.record(of: visitor)
        try await visitor.visit { $0["user"] = "alice" }
        let second = try await site.record(of: visitor)
        #expect(first?.contents != second?.contents)
    }

    @Test func aFallbackKeyDecryptsAndTheNextWriteUsesTheNewOne() async throws {
        let store = MemoryStore()
        let before = try StoreSite(store, keys: SecretKeys(self.old)) { $0.encryptsStoredValues = true }
        let between = try StoreSite(store, keys: SecretKeys(self.new, fallbacks: [self.old])) {
            $0.encryptsStoredValues = true
        }
        let after = try StoreSite(store, keys: SecretKeys(self.new)) { $0.encryptsStoredValues = true }
        let visitor = try await before.signedIn()
        var moved = between.visitor(cookie: visitor.cookie)
        #expect(try await moved.look("user") == "alice")
        // Renewed, the cookie is signed with the new key, and so the old one can go.
        try await moved.visit { session in
            session["n"] = 1
            session.renew()
        }
        #expect(try await after.visitor(cookie: moved.cookie).look("user") == "alice")
    }

    @Test func anotherKeyGivesAFreshSession() async throws {
        let store = MemoryStore()
        let site = try StoreSite(store, keys: SecretKeys(self.old)) { $0.encryptsStoredValues = true }
        let other = try StoreSite(store, keys: SecretKeys(self.new)) { $0.encryptsStoredValues = true }
        let visitor = try await site.signedIn()
        let session = try await other.visitor(cookie: visitor.cookie).open()
        #expect(session.isNew && session.isEmpty)
        #expect(other.log.text.contains("bad_signature"))
        #expect(try await visitor.look("user") == "alice")
    }

    @Test func contentsThatNoKeyOpensGiveAFreshSession() async throws {
        let site = try StoreSite { $0.encryptsStoredValues = true }
        let visitor = try await site.signedIn()
        var record = try #require(try await site.record(of: visitor))
        record.version = 2
        record.contents[40] ^= 1
        #expect(try await site.store.write(record, replacing: 1, at: site.clock.now))
        let session = try await visitor.open()
        #expect(session.isNew && session.isEmpty)
        #expect(site.log.text.contains("bad_payload"))
    }

    @Test func contentsOfAnotherSessionDoNotOpen() async throws {
        let site = try StoreSite { $0.encryptsStoredValues = true }
        let (alice, bob) = (try await site.signedIn(), try await site.signedIn())
        var record = try #require(try await site.record(of: bob))
        record.version = 2
        record.contents = try #require(try await site.record(of: alice)).contents
        #expect(try await site.store.write(record, replacing: 1, at: site.clock.now))
        #expect(try await bob.open().isNew)
    }

    @Test func plainContentsAreReadAfterEncryptionIsSwitchedOn() async throws {
        let store = MemoryStore()
        let plain = try StoreSite(store)
        var visitor = plain.visitor()
        try await visitor.visit { $0["note"] = .string(self.value) }
        let site = try StoreSite(store) { $0.encryptsStoredValues = true }
        var moved = site.visitor(cookie: visitor.cookie)
        #expect(try await moved.look("note") == .string(self.value))
        try await moved.visit { $0["n"] = 1 }
        #expect(try self.isReadable(try await site.record(of: moved)) == false)
    }
}
