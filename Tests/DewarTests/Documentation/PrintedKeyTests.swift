// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import Sessions
import Testing

/// A key that a page prints is one that anybody can read: none is taken, whichever page it is in.
@Suite struct PrintedKeyTests {
    private static let package = URL(filePath: #filePath).appending(path: "../../../..").standardizedFileURL

    /// The pages, and the comments of the sources and the catalogs, which a browser of the documentation shows too.
    private static func pages() throws -> [(name: String, text: String)] {
        var files = [self.package.appending(path: "README.md")]
        for (folder, ending) in [("docs", "md"), ("Sources", "md"), ("Sources", "swift")] {
            let root = self.package.appending(path: folder)
            let found = FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil)
            files += (found?.allObjects ?? []).compactMap { $0 as? URL }.filter { $0.pathExtension == ending }
        }
        return try files.map { file in
            let text = try String(contentsOf: file, encoding: .utf8)
            guard file.pathExtension == "swift" else { return (file.lastPathComponent, text) }
            let comments = text.split(separator: "\n").filter { $0.contains("///") }
            return (file.lastPathComponent, comments.joined(separator: "\n"))
        }
    }

    /// Every key in a text, wherever a program, a configuration, a key file or Python would take it for one.
    static func keys(in text: String) throws -> [SecretKey] {
        // A text in quotes, with what it may be escaped with.
        let quoted = #""((?:[^"\\\n]|\\.)*)""#
        let places = [
            #"(?:keys|key|secretKey|Keys?)(?:"?: ?|\(| = )\[?"# + quoted,
            #"(?:fallbacks|secretKeyFallbacks|SECRET_KEY_FALLBACKS)"?(?::| =) ?\["# + quoted,
            #"(?i:SECRET_KEY) ?(?:=|:) ?b?"# + quoted, #"(?i:SECRET_KEY) = b?'((?:[^'\\\n]|\\.)*)'"#,
            #"\bKEY = b?"# + quoted, #"SecretKey(?:s)? = "# + quoted,
            #"SecretKey\(bytes: Array\("# + quoted,
        ]
        var keys: [SecretKey] = []
        for place in places {
            for match in text.matches(of: try Regex(place)) {
                guard let key = match.output.last?.substring, !key.isEmpty else { continue }
                keys.append(SecretKey(configured: Self.unescaped(key)) ?? SecretKey(String(key)))
            }
        }
        for match in text.matches(of: /\b(base64|hex|text):([A-Za-z0-9+\/_=-][^"`|\n]*)/) {
            switch match.1 {
            case "base64": keys += [SecretKey(base64: String(match.2.prefix { !$0.isWhitespace }))].compactMap(\.self)
            case "hex": keys += Self.hex(match.2.prefix { $0.isHexDigit }).map { [SecretKey(bytes: $0)] } ?? []
            default: keys.append(SecretKey(String(match.2)))
            }
        }
        return keys
    }

    private static func hex(_ digits: Substring) -> [UInt8]? {
        guard !digits.isEmpty, digits.count.isMultiple(of: 2) else { return nil }
        return stride(from: 0, to: digits.count, by: 2).compactMap { UInt8(digits.dropFirst($0).prefix(2), radix: 16) }
    }

    private static func unescaped(_ text: Substring) -> String {
        text.replacingOccurrences(of: "\\\"", with: "\"").replacingOccurrences(of: "\\n", with: "\n")
    }

    @Test func noPagePrintsAKeyThatIsTaken() throws {
        var count = 0
        for page in try Self.pages() {
            for key in try Self.keys(in: page.text) {
                count += 1
                #expect(KeyStrength.weakness(of: key) != nil, "\(page.name) prints a key that would be taken: \(key)")
            }
        }
        #expect(count > 20)
    }

    /// Long enough, and known all the same.
    @Test(arguments: [
        "put your own 32 random bytes or more here", "base64:MzIgcmFuZG9tIGJ5dGVzIGFuZCBub3QgdGhlc2Ugb25lcyE=",
        "base64:c29tZSBvbGQga2V5LCAzMiBieXRlcyBvciBtb3JlIQ==", "base64:dGhlIGtleSB0aGF0IHNpZ25zLCBhbHNvIDMyIGJ5dGVz",
        "base64:dGhlIGtleSB0aGF0IHdpbGwgc2lnbiBuZXh0LCAzMiBi", "an example key, 32 or more bytes long",
        "192b9bdd22ab9ed4d12e236c78afcb9a393ec15f71bbf5dc987d54727823bcbf",
    ])
    func aPrintedKeyStopsTheStart(_ text: String) throws {
        let key = try #require(SecretKey(configured: text))
        let error = #expect(throws: SessionError.self) { try SessionManager(keys: SecretKeys(key)) }
        #expect(error?.kind == .weakKey)
        #expect(throws: Never.self) { try SessionManager(keys: SecretKeys(key), configuration: .flask) }
    }

    /// The search finds a key in every place where a page may print one.
    @Test(arguments: [
        #"App(secretKey: "a5Kp")"#, #"try SessionManager(keys: "a5Kp")"#, #"let keys: SecretKeys = "a5Kp""#,
        #"SecretKeys("new", fallbacks: ["a5Kp"])"#, #"    "secretKey": "a5Kp","#, "sign text:a5Kp",
        "accept base64:YTVLcA== until 2027-01-31", "next hex:61354b70", #"app.secret_key = "a5Kp""#,
        #"SECRET_KEY = "a5Kp""#, #"KEY = b"a5Kp""#, #"SecretKey(bytes: Array("a5Kp".utf8))"#,
    ])
    func aKeyIsFound(_ text: String) throws {
        #expect(try Self.keys(in: text).contains("a5Kp"))
    }
}
