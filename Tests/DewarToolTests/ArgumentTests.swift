// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import Testing

@testable import DewarTool

/// What people write on the command line.
@Suite struct ArgumentTests {
    @Test(arguments: [("90s", 90), ("0s", 0), ("15m", 900), ("12h", 43_200), ("30d", 2_592_000), ("4w", 2_419_200)])
    func anAgeIsANumberAndAUnit(text: String, seconds: Int) {
        #expect(Age(argument: text)?.seconds == seconds)
    }

    @Test(arguments: ["", "s", "90", "-1d", "1.5h", "1y", "1 d", "d1", "９d", "99999999999w", "9223372036854775807s"])
    func anythingElseIsNoAge(text: String) {
        #expect(Age(argument: text) == nil)
    }

    @Test func agesAreWrittenInTheirLargestTwoUnits() {
        let start = Date(timeIntervalSince1970: 0)
        let texts = [0, 59, 61, 3600, 3661, 90_061, 864_000].map {
            Age.text(from: start, to: start.addingTimeInterval($0))
        }
        #expect(texts == ["0s", "59s", "1m 1s", "1h", "1h 1m", "1d 1h", "10d"])
        #expect(Age.text(from: start, to: start.addingTimeInterval(-5)) == "0s")
    }

    @Test func momentsAreISO8601() {
        #expect(Timestamp.text(Date(timeIntervalSince1970: 1_700_000_000.125)) == "2023-11-14T22:13:20.125Z")
        #expect(Timestamp.text(Date(timeIntervalSince1970: -0.5)) == "1969-12-31T23:59:59.500Z")
    }

    @Test func aStoreIsNamedByItsEngine() {
        let engines = [
            "directory:/a", "sqlite:a b.sqlite", "redis://h", "rediss://u:p@h:1/2", "redis+cluster://a,b",
            "unix:///run/redis.sock", "postgres://u@h/d", "postgresql://h",
        ].map { StoreLocation($0)?.engine }
        #expect(engines == ["directory", "SQLite", "Redis", "Redis", "Redis", "Redis", "PostgreSQL", "PostgreSQL"])
    }

    @Test(arguments: [
        "", "directory", "directory:", "sqlite:", "sqlite:a\0b", "/tmp/x", "mysql://h", "Redis://h", "redis:h",
    ])
    func anythingElseIsNoStore(text: String) {
        #expect(StoreLocation(text) == nil)
    }

    @Test func anAddressHasItsParts() throws {
        let url = try #require(AuditURL("HTTPS://shop.example.com:8443/a?b=c"))
        #expect((url.isSecure, url.host, url.port, url.target) == (true, "shop.example.com", 8443, "/a?b=c"))
        #expect(AuditURL("http://[::1]:80?x")?.description == "http://[::1]/")
        #expect(url.following("/login")?.description == "https://shop.example.com:8443/login")
        #expect(url.following("next")?.description == "https://shop.example.com:8443/next")
        #expect(url.following("//other.example/x")?.description == "https://other.example/x")
        #expect(url.following("mailto:someone@example.com") == nil && url.following("javascript://x") == nil)
        #expect(AuditURL("http://Shop.EXAMPLE")?.host == "shop.example")
    }

    /// RFC 3986, section 5.4, as far as a redirect goes.
    @Test(
        arguments: [
            ("g", "/b/c/g"), ("./g", "/b/c/g"), ("g/", "/b/c/g/"), ("/g", "/g"), ("?y", "/b/c/d;p?y"),
            ("g?y", "/b/c/g?y"), ("#s", "/b/c/d;p?q"), ("g#s", "/b/c/g"), ("", "/b/c/d;p?q"), (".", "/b/c/"),
            ("..", "/b/"), ("../g", "/b/g"), ("../..", "/"), ("../../../g", "/g"), ("/./g", "/g"), ("g..", "/b/c/g.."),
            ("g?y/../x", "/b/c/g?y/../x"), ("/login?next=http://a/", "/login?next=http://a/"),
            ("g?next=https://a/#s", "/b/c/g?next=https://a/"), ("1:x", "/b/c/1:x"),
        ])
    func aRedirectLeadsWhereABrowserGoes(location: String, target: String) throws {
        let next = try #require(AuditURL("http://a/b/c/d;p?q")).following(location)
        #expect((next?.origin, next?.target) == ("http://a", target))
    }

    @Test func aRedirectToAnotherHostLosesItsFragment() throws {
        let url = try #require(AuditURL("https://a/"))
        #expect(url.following("//b/x#y")?.description == "https://b/x")
        #expect(url.following("http://b:81#y")?.description == "http://b:81/")
    }

    @Test(
        arguments: [
            "", "shop.example.com", "ftp://h/", "http://", "http:///x", "https://u:p@h/", "http://h:0/", "http://h:x/",
            "http://h:70000/", "http://h/#x", "http://h/a b", "http://[::1/", "http://[::1]x/", "http://h:+80/",
            "http://h:/", "http://[h]/", "http://a\\b/",
        ])
    func anythingElseIsNoAddress(text: String) {
        #expect(AuditURL(text) == nil)
    }

    @Test func whatMovesACursorIsEscaped() {
        #expect(Printable.text("a\u{1B}[2Jb\u{7}\u{9B}c\u{202E}d\ne") == "a\\u{1b}[2Jb\\u{7}\\u{9b}c\\u{202e}d\\u{a}e")
        #expect(Printable.text("Zoë 東京 👩") == "Zoë 東京 👩")
    }

    @Test func numbersAndSizes() {
        #expect([0, 999, 1000, 1_234_567, -1000].map(Printable.count) == ["0", "999", "1,000", "1,234,567", "-1,000"])
        #expect(
            [0, 1023, 1024, 1536, 1 << 20].map(Printable.size) == ["0 B", "1023 B", "1.0 KiB", "1.5 KiB", "1.0 MiB"])
    }

    @Test func coloursAreOnlyForThoseWhoWantThem() {
        #expect(Style.isWanted(by: [:]) && Style.isWanted(by: ["NO_COLOR": ""]))
        #expect(!Style.isWanted(by: ["NO_COLOR": "1"]) && !Style.isWanted(by: ["TERM": "dumb"]))
        #expect(Style(isOn: false).red("x") == "x" && Style(isOn: true).red("x") != "x")
    }

    @Test func aBarIsFullAtTheEnd() {
        #expect(Progress.line("copying", 5, of: 10).contains(String(repeating: "█", count: 15) + "░"))
        #expect(!Progress.line("copying", 10, of: 10).contains("░"))
        #expect(Progress.line("copying", 1234, of: nil) == "copying 1,234")
    }

    @Test func jsonKeepsItsOrderAndEscapes() {
        let json = JSON.object(["b": .int(1), "a": .array([.null, .bool(true)]), "c": .string("\"\u{1B}é\n")])
        #expect(json.line == #"{"b": 1, "a": [null, true], "c": "\"\u001b\u00e9\n"}"#)
    }
}
