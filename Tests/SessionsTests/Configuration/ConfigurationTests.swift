// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions
import SessionsTesting
import TestSupport
import Testing

/// Settings that cannot be are refused at start-up, with a message that says what to change.
@Suite struct ConfigurationTests {
    @Test(arguments: [
        Wrong("Domain") { $0.cookie.domain = "example.com" },
        Wrong("Path") { $0.cookie.path = "/app" },
        Wrong("Path") { $0.cookie.path = nil },
        Wrong("Secure") { $0.cookie.isSecure = false },
        Wrong("Secure") {
            $0.cookie.name = "s"; $0.cookie.sameSite = .crossSite; $0.cookie.isSecure = false
        },
        Wrong("Secure") {
            $0.cookie.name = "__Secure-s"; $0.cookie.isSecure = false
        },
        Wrong("name") { $0.cookie.name = "" },
        Wrong("name") { $0.cookie.name = "a b" },
        Wrong("name") { $0.cookie.name = "a;b" },
        Wrong("name") { $0.cookie.name = "sessión" },
        Wrong("Domain") {
            $0.cookie.name = "s"; $0.cookie.domain = "exa mple\r\n"
        },
        Wrong("example.com, without a scheme") {
            $0.cookie.name = "s"; $0.cookie.domain = "https://example.com"
        },
        Wrong("take the dot off") {
            $0.cookie.name = "s"; $0.cookie.domain = "example.com."
        },
        Wrong("single word") {
            $0.cookie.name = "s"; $0.cookie.domain = "com"
        },
        Wrong("begin with a slash") {
            $0.cookie.name = "s"; $0.cookie.path = "app"
        },
        Wrong("clockSkew") { $0.clockSkew = .seconds(-1) },
        Wrong("lifetime.idle") { $0.lifetime.idle = .seconds(-1) },
        Wrong("lifetime.idle") { $0.lifetime.idle = .seconds(Int64.max) },
        Wrong("lifetime.absolute") { $0.lifetime.absolute = .seconds(-60) },
        Wrong("lifetime.absolute") { $0.lifetime.absolute = .seconds(Int64.max) },
        Wrong("touchInterval") { $0.place = .stored(in: MemoryStore(), touchInterval: .seconds(-1)) },
        Wrong("touchInterval") { $0.place = .stored(in: MemoryStore(), touchInterval: SessionLifetime.standard.idle) },
        Wrong("renewalInterval") { $0.place = .stored(in: MemoryStore(), renewalInterval: .zero) },
        Wrong("renewalInterval") { $0.place = .stored(in: MemoryStore(), renewalInterval: .seconds(-1)) },
        Wrong("renewalGrace") { $0.renewalGrace = .seconds(-1) },
        Wrong("sizeLimit") { $0.place = .stored(in: MemoryStore(), sizeLimit: 0) },
        Wrong("sessionLimit") { $0.place = .stored(in: MemoryStore(), sessionLimit: .endingOldest(0)) },
        Wrong("revocations") { $0.place = .stored(in: MemoryStore(), revocations: .memory) },
        Wrong("revocations") { $0.place = .cookies(.signed, revocations: .memory) },
        Wrong("purge.interval") { $0.place = .stored(in: MemoryStore(), purge: PurgeSchedule(interval: .zero)) },
        Wrong("purge.interval") {
            $0.place = .stored(in: MemoryStore(), purge: PurgeSchedule(interval: .seconds(Int64.max)))
        },
        Wrong("purge.batch") { $0.place = .stored(in: MemoryStore(), purge: PurgeSchedule(batch: 0)) },
        Wrong("purge.batch") { $0.place = .stored(in: MemoryStore(), purge: PurgeSchedule(batch: -1)) },
    ])
    func aWrongSettingIsNamed(_ wrong: Wrong) {
        var configuration = SessionConfiguration.standard
        wrong.change(&configuration)
        do throws(SessionError) {
            _ = try SessionManager(keys: SecretKeys(TestSite.key), configuration: configuration)
            Issue.record("accepted")
        } catch {
            #expect(error.kind == .invalidConfiguration)
            #expect(error.message.lowercased().contains(wrong.word.lowercased()), "\(error)")
            #expect(error.message.utf8.last == UInt8(ascii: "."), "\(error)")
        }
    }

    @Test func wrongSettingsAreFoundWithoutAKeyToo() {
        var configuration = SessionConfiguration.standard
        configuration.cookie.isSecure = false
        #expect(throws: SessionError(.invalidConfiguration, "")) {
            try SessionManager(keys: nil, configuration: configuration)
        }
    }

    @Test func aPartitionedCookieIsSecure() async throws {
        var configuration = SessionConfiguration.flask
        configuration.cookie.isPartitioned = true
        let headers = try await TestSite(configuration).visit { $0["a"] = 1 }
        #expect(headers.attributes == "Secure; HttpOnly; Path=/; Partitioned")
    }

    @Test func theLongestLifetimesDoNotOverflow() async throws {
        var configuration = SessionConfiguration.standard
        configuration.lifetime = SessionLifetime(idle: .seconds(253_402_300_799), absolute: .seconds(253_402_300_799))
        configuration.clockSkew = .seconds(253_402_300_799)
        let site = try TestSite(configuration)
        let headers = try await site.visit { $0.isPermanent = true }
        #expect(headers.attributes.hasPrefix("Max-Age=34560000;"))
        #expect(try await site.contents(of: headers.pair) == ["_permanent": true])
        configuration.format = .flask
        let flask = try TestSite(configuration)
        await #expect(throws: SessionError(.invalidConfiguration, "")) {
            try await flask.visit { $0.isPermanent = true }
        }
    }
}

/// A change to the settings that makes them wrong, and a word that the message must have.
struct Wrong: Sendable, CustomTestStringConvertible {
    let word: String
    let change: @Sendable (inout SessionConfiguration) -> Void
    var testDescription: String { self.word }

    init(_ word: String, _ change: @escaping @Sendable (inout SessionConfiguration) -> Void) {
        self.word = word
        self.change = change
    }
}
