// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import DewarTesting
import TestSupport
import Testing

@testable import Dewar

/// The way back after a sign-in stays on the site, whatever browsers make of it.
@Suite struct NextTests {
    static let tricks = [
        "", "settings", "./settings", "?a", "#a", "attacker.example", "https://attacker.example",
        "http:attacker.example", "HTTPS:attacker.example", "javascript:alert(1)", "data:text/html,x",
        "//attacker.example",
        "///attacker.example", "////attacker.example", "//attacker.example/%2f..", "//attacker.example@site.example",
        "/\\attacker.example", "\\/attacker.example", "\\\\attacker.example", "/\\/attacker.example", "/a\\b",
        "/\t/attacker.example", "/\n/attacker.example", "/\r\n/attacker.example", "\t//attacker.example",
        " //attacker.example",
        "/ /attacker.example", "/\u{0}/attacker.example", "/\u{1}/attacker.example", "/\u{7F}/attacker.example",
        "/a\r\nSet-Cookie: a=b",
        "/%2fattacker.example", "/%2Fattacker.example", "/%5cattacker.example", "/%5Cattacker.example",
        "/%09/attacker.example",
        "/%0d%0aSet-Cookie:%20a=b", "/%00", "%2f%2fattacker.example", "%2Fattacker", "/.//attacker.example",
        "/..//attacker.example",
        "/a/..//attacker.example", "/%2e%2e//attacker.example", "/./\\attacker.example", "/..\\/attacker.example",
        "/a//b",
        "／／attacker.example", "/／attacker.example", "/\u{2028}/attacker.example", "/\u{A0}/attacker.example",
        "/\u{200B}/attacker.example",
        "〱attacker.example", "/\u{FEFF}/attacker.example", "/é", "/\u{338}/attacker.example", "https:/attacker.example",
        "https:///attacker.example",
        "//[::1]", "//0x7f.1", "//google%E3%80%82com", "x-scheme://a", "mailto:a@attacker.example", ":80",
        "@attacker.example",
        ".attacker.example", ";@attacker.example", "//;@attacker.example", "http://site.example@attacker.example",
        "/\u{85}/attacker.example",
    ]

    static let paths = [
        "/", "/settings", "/settings/", "/a/b?c=d", "/a?u=https://attacker.example//x", "/a?b=//c", "/:80",
        "/@attacker.example",
        "/.attacker.example", "/a:b", "/zo%C3%AB", "/a%20b?q=%20%0A", "/a/%2f", "/a%2F%2Fb", "/%252fattacker.example",
        "/a;b=c,d", "/#top", "/a#//b",
        "/~ada/!$&'()*+", "/?next=/b", "/a?\"<>", "/...",
    ]

    @Test(arguments: Self.tricks)
    func aTrickIsNoWayBack(target: String) async throws {
        #expect(!LocalPath.accepts(target))
        #expect(try await Self.location(after: target) == "/home")
    }

    @Test(arguments: Self.paths)
    func aPathOfTheSiteIsTheWayBack(target: String) async throws {
        #expect(LocalPath.accepts(target))
        // What a header cannot carry is encoded on the way out.
        #expect(try await Self.location(after: target) == LocationEncoding.encode(target))
    }

    @Test func encodingItForTheHeaderLeavesItAsLocalAsItWas() {
        for path in Self.paths { #expect(LocalPath.accepts(LocationEncoding.encode(path))) }
    }

    @Test func everyTextOfTheseBytesThatIsAcceptedIsPlain() {
        let bytes = Array("/\\.%2f5c09a:@?#\t\n \u{0}".utf8)
        var texts: [[UInt8]] = [[]]
        for _ in 0..<4 {
            texts = texts.flatMap { text in bytes.map { text + [$0] } }
            for text in texts where LocalPath.accepts(String(decoding: text, as: UTF8.self)) {
                #expect(text.first == UInt8(ascii: "/"))
                #expect(!text.contains { $0 <= 0x20 || $0 == UInt8(ascii: "\\") })
                #expect(!text.starts(with: Array("//".utf8)))
            }
        }
    }

    @Test func withoutOneThereIsNone() async throws {
        #expect(try await Self.location(query: "") == "/home")
        #expect(try await Self.location(query: "?next") == "/home")
        #expect(try await Self.location(query: "?Next=/a") == "/home")
        // The first one counts, so that none can be slipped in behind it.
        #expect(try await Self.location(query: "?next=/a&next=//attacker.example") == "/a")
        #expect(try await Self.location(query: "?next=//attacker.example&next=/a") == "/home")
        #expect(try await Self.location(query: "?next=%FF%FE") == "/home")
    }

    private static func location(after target: String) async throws -> String? {
        try await self.location(query: "?" + URLEncodedForm.encode([("next", target)]))
    }

    private static func location(query: String) async throws -> String? {
        let app = App.forTests()
        app.get("/home", name: "home") { _ in "home" }
        app.post("/login") { request in redirect(request.next ?? app.url(for: "home")) }
        return try await app.testClient().send(.post, "/login\(query)").location
    }
}
