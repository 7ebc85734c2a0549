// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions
import SessionsTesting
import TestSupport
import Testing

/// No log line and no error text holds a key, a token or what is in a session.
@Suite struct SecrecyTests {
    private static let secret = "s3cret-content-"

    @Test func noLogLineHoldsASecret() async throws {
        for configuration in [SessionConfiguration.standard, .signed, .flask] {
            let site = try TestSite(configuration)
            let cookie = try await site.cookie { $0["note"] = "\(Self.secret)1" }
            let token = cookie.drop { $0 != "=" }.dropFirst()
            try await site.visit(cookie) { $0["more"] = "\(Self.secret)2" }
            try await site.visit(String(cookie.dropLast(5)) + "AAAAA") { _ = $0["note"] }
            site.clock.advance(by: .seconds(86400 * 365))
            try await site.visit(cookie) { _ = $0["note"] }
            try await site.visit("\(configuration.cookie.name)=\(Self.secret)") { _ = $0["note"] }
            #expect(site.log.text.contains("rejected"))
            Self.expectSilence(in: site.log.text, token: token)
        }
    }

    @Test func noErrorHoldsASecret() async throws {
        let unstorable: [@Sendable (Session) -> Void] = [
            { $0["bad"] = Refusing(text: Self.secret) },
            { $0["long"] = .string(Self.secret + RandomText.letters(9000)) },
            { $0["deep"] = (0..<500).reduce(.string(Self.secret)) { value, _ in .list([value]) } },
        ]
        for action in unstorable {
            let site = try TestSite()
            do {
                try await site.visit { action($0) }
                Issue.record("committed")
            } catch {
                Self.expectSilence(in: "\(error) \(String(reflecting: error)) \(site.log.text)", token: "")
            }
        }
    }

    private static func expectSilence(in text: String, token: Substring) {
        #expect(!text.contains(Self.secret))
        #expect(!text.contains("0f3b8d21"))
        guard token.count >= 8 else { return }
        for part in token.split(separator: ".") where part.count >= 8 { #expect(!text.contains(part.prefix(8))) }
    }
}
