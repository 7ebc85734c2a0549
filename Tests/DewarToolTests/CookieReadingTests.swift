// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import Sessions
import Testing

@testable import DewarTool

/// What `dewar cookie show` tells of a cookie.
@Suite struct CookieReadingTests {
    static let key = SecretKey("a key of the cookie tests, 40 letters long")
    static let other = SecretKey("another key of these tests, 40 letters too")
    static let now = Date(timeIntervalSince1970: 1_800_000_000)

    private func token(_ format: MadeFormat, _ values: SessionDictionary = ["user": "alice"], at date: Date = now)
        throws
        -> String
    {
        let contents = TokenContents(values: values, createdAt: nil, signedAt: Int(date.timeIntervalSince1970))
        let bytes = try format.encode(
            contents, keys: SecretKeys(Self.key), name: "session", lifetime: SessionLifetime(idle: .seconds(3600)))
        return String(decoding: bytes, as: UTF8.self)
    }

    private func reading(_ token: String, names: [String] = ["session"], keys: SecretKeys? = nil) -> CookieReading {
        CookieReading(token, names: names, keys: keys, lifetime: 3600, now: Self.now)
    }

    @Test(arguments: MadeFormat.allCases) func itsKeyVerifiesIt(format: MadeFormat) throws {
        let token = try self.token(format)
        let current = self.reading(token, keys: SecretKeys(Self.key))
        #expect(current.form.rawValue == format.rawValue)
        #expect(current.verdict == .verified(fingerprint: Self.key.fingerprint, isCurrent: true))
        #expect(current.values?["user"] == "alice")
        #expect(current.signedAt == Self.now && current.isGood(at: Self.now))
        let accepted = self.reading(token, keys: SecretKeys(Self.other, fallbacks: [Self.key]))
        #expect(accepted.verdict == .verified(fingerprint: Self.key.fingerprint, isCurrent: false))
    }

    @Test(arguments: MadeFormat.allCases) func anotherKeyDoesNot(format: MadeFormat) throws {
        let reading = self.reading(try self.token(format), keys: SecretKeys(Self.other))
        guard case .refused = reading.verdict else {
            Issue.record("another key verified it")
            return
        }
        #expect(!reading.isGood(at: Self.now))
        #expect((reading.values == nil) == (format == .sealed))
    }

    @Test func withoutAKeyNothingIsSaidOfIt() throws {
        let reading = self.reading(try self.token(.flask))
        #expect(reading.verdict == .unchecked && reading.values?["user"] == "alice")
        #expect(self.reading(try self.token(.sealed)).values == nil)
    }

    @Test(arguments: [MadeFormat.signed, .sealed]) func aSealIsBoundToTheName(format: MadeFormat) throws {
        let token = try self.token(format)
        let keys = SecretKeys(Self.key)
        #expect(!self.reading(token, names: ["__Host-session"], keys: keys).isGood(at: Self.now))
        #expect(self.reading(token, names: ["__Host-session", "session"], keys: keys).isGood(at: Self.now))
    }

    @Test(arguments: MadeFormat.allCases) func anOldOneIsVerifiedAndHasExpired(format: MadeFormat) throws {
        let token = try self.token(format, at: Self.now.addingTimeInterval(-3601))
        let reading = self.reading(token, keys: SecretKeys(Self.key))
        #expect(reading.verdict == .verified(fingerprint: Self.key.fingerprint, isCurrent: true))
        #expect(reading.expiresAt == Self.now && !reading.isGood(at: Self.now))
        let justGood = try self.token(format, at: Self.now.addingTimeInterval(-3600))
        #expect(self.reading(justGood, keys: SecretKeys(Self.key)).isGood(at: Self.now))
    }

    @Test func aStoredSessionsCookieShowsItsIDAndNoSecret() async throws {
        let sessions = try SessionManager(
            keys: SecretKeys(Self.key), configuration: SessionConfiguration(.stored(in: MemoryStore())))
        let session = try await sessions.open([])
        session["user"] = "alice"
        let line = try #require(try await sessions.commit(session).setCookie)
        let input = try CookieInput("Set-Cookie: " + line, wanted: nil)
        let reading = self.reading(input.value, names: [try #require(input.name)], keys: SecretKeys(Self.key))
        #expect(reading.form == .stored)
        #expect(reading.verdict == .verified(fingerprint: Self.key.fingerprint, isCurrent: true))
        let report = CookieReport(reading: reading, name: "__Host-session", size: 1, now: Self.now)
        let shown = report.lines.joined() + report.json.line
        #expect(shown.contains(try #require(reading.id).description))
        #expect(!shown.contains(input.value.prefix(while: { $0 != "." }).suffix(20)))
    }

    @Test(arguments: ["abc", "a.b", "a.b.c", "....", "eyJ9.x.y", String(repeating: "!", count: 100), "e30.e30.e30.e30"])
    func junkIsUnknown(text: String) {
        #expect(self.reading(text, keys: SecretKeys(Self.key)).form == .unknown)
        #expect(!self.reading(text).isGood(at: Self.now))
    }

    @Test func theSecretOfFormsIsHidden() throws {
        let token = try self.token(.flask, ["_csrf": "s3cr3t", "user": "alice"])
        let report = CookieReport(reading: self.reading(token), name: "session", size: 1, now: Self.now)
        #expect(!(report.lines.joined() + report.json.line).contains("s3cr3t"))
        #expect(report.lines.contains("  _csrf: \"(hidden)\""))
    }

    @Test(
        arguments: [
            ("VALUE", nil, nil), ("session=VALUE", nil, "session"), ("Cookie: a=b; session=VALUE; c=d", nil, "session"),
            ("set-cookie: __Host-session=VALUE; Path=/; Secure", nil, "__Host-session"), ("x=1; y=VALUE", "y", "y"),
            ("  session=\"VALUE\"\n", nil, "session"), ("VALUE", "mine", "mine"),
        ] as [(String, String?, String?)])
    func aCookieIsFoundInWhatPeopleCopy(text: String, wanted: String?, name: String?) throws {
        let input = try CookieInput(text, wanted: wanted)
        #expect((input.name, input.value) == (name, "VALUE"))
    }

    @Test(
        arguments: [("", nil), ("a b", nil), ("x=1", "y"), ("\u{1B}[2J", nil), ("session=", nil)] as [(String, String?)]
    )
    func whatIsNoCookieIsRefused(text: String, wanted: String?) {
        #expect(throws: ToolError.self) { try CookieInput(text, wanted: wanted) }
    }

    @Test func aTreeShowsEveryKindOfValue() {
        let values: SessionDictionary = [
            "n": .null, "b": true, "i": 7, "d": 1.5, "s": "x\u{1B}", "bytes": .bytes([1, 2]), "list": ["a", [1]],
            "empty": .list([]), "map": ["k": "v"], "date": .date(Self.now),
        ]
        #expect(
            ValueTree.lines(values) == [
                "  n: null", "  b: true", "  i: 7", "  d: 1.5", "  s: \"x\\u{1b}\"", "  bytes: 0102 (2 bytes)",
                "  list:",
                "    [0]: \"a\"", "    [1]:", "      [0]: 1", "  empty: []", "  map:", "    k: \"v\"",
                "  date: 2027-01-15T08:00:00.000Z",
            ])
    }
    private static func nested(_ value: SessionValue, levels: Int) -> SessionValue {
        (0..<levels).reduce(value) { value, _ in .list([value]) }
    }

    @Test func aTreeShowsSoManyLevels() {
        let lines = ValueTree.lines(["list": Self.nested(1, levels: 399), "map": ["k": "v"]])
        #expect(lines.prefix(3) == ["  list:", "    [0]:", "      [0]:"])
        #expect(lines.count == ValueTree.maximumLevels + 2)
        let indent = String(repeating: "  ", count: ValueTree.maximumLevels)
        #expect(lines[ValueTree.maximumLevels - 1] == "\(indent)[0]: […] (1 value)")
        #expect(lines.suffix(2) == ["  map:", "    k: \"v\""])
    }

    /// A compressed cookie of 2 kB may hold as much.
    @Test(arguments: [0, 20, 300]) func aTreeOfAnySizeIsShort(levels: Int) {
        let many = SessionValue.list((0..<100_000).map { .int($0) })
        let lines = ValueTree.lines(["a": Self.nested(many, levels: levels), "b": many])
        #expect(lines.count == ValueTree.maximumLines + 1)
        #expect(lines.last == "  … only the first 2,000 lines; --json shows all")
        #expect(lines.reduce(0) { $0 + $1.utf8.count } < 200_000)
    }

    @Test func aTreeOfJustSoManyLinesIsWhole() {
        let items = (1..<ValueTree.maximumLines).map { SessionValue.int($0) }
        let lines = ValueTree.lines(["list": .list(items)])
        #expect(lines.count == ValueTree.maximumLines)
        #expect(lines.last == "    [1998]: 1999")
    }
}
