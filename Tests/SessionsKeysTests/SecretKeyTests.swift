// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Testing

@testable import Sessions
@testable import SessionsKeys

/// Keys in their forms, and that none is ever printed.
@Suite struct SecretKeyTests {
    private static let text = "correct-horse-battery-staple-4711"
    private static let key = SecretKey(Self.text)

    @Test func textBytesAndLiteralsAreTheSameKey() {
        #expect(SecretKey("abc") == "abc")
        #expect(SecretKey(bytes: [0x61, 0x62, 0x63]) == "abc")
        #expect(SecretKey("\u{e9}") != SecretKey("e\u{301}"))
        #expect(SecretKeys("abc").current == "abc")
    }

    @Test(arguments: [
        ("QUJD", "ABC"), ("QUI=", "AB"), ("QUI", "AB"), ("QQ==", "A"), ("QQ", "A"), ("", ""), ("-_-_", "\u{fb}"),
        ("+/+/", "\u{fb}"),
    ])
    func base64IsReadInBothAlphabets(_ base64: String, _ text: String) throws {
        let bytes = try #require(SecretKey(base64: base64)).bytes
        #expect(bytes == (text == "\u{fb}" ? [0xFB, 0xFF, 0xBF] : Array(text.utf8)))
    }

    @Test(arguments: [
        "Q", "QQ=", "Q===", "QQ==QUJD", "QUI=QUJD", "=QUJ", "QU JD", "QUJD\n", "QUJD====", "äöü", "QUJD=",
    ])
    func brokenBase64IsNoKey(_ base64: String) {
        #expect(SecretKey(base64: base64) == nil)
        #expect(SecretKey(configured: "base64:" + base64) == nil)
    }

    @Test func aConfiguredKeyIsTextOrBase64() {
        #expect(SecretKey(configured: "plain text") == "plain text")
        #expect(SecretKey(configured: "base64:QUJD") == "ABC")
        #expect(SecretKey(configured: "BASE64:QUJD") == "BASE64:QUJD")
        #expect(SecretKey(configured: "") == "")
    }

    @Test func noWayOfPrintingShowsTheKey() throws {
        let keys = SecretKeys(Self.key, fallbacks: [Self.key, SecretKey(Self.text + "2")])
        let manager = try SessionManager(keys: keys)
        let signer = Signer(keys: keys, salt: "s")
        var printed: [String] = []
        for value in [Self.key, keys, [Self.key], ["k": Self.key], Optional(keys) as Any, manager, signer] as [Any] {
            var dumped = ""
            dump(value, to: &dumped)
            printed += [dumped, "\(value)", String(describing: value), String(reflecting: value)]
        }
        let bytes = Array(Self.text.utf8)
        for text in printed {
            #expect(!text.contains("horse"))
            #expect(!text.contains("\(bytes[0]), \(bytes[1])"))
            #expect(!text.contains("- \(bytes[0])\n"))
        }
    }

    /// The state of a keyed HMAC forges as well as the key does.
    @Test func noWayOfPrintingShowsTheDerivedKey() throws {
        let manager = try SessionManager(keys: SecretKeys(Self.key))
        let signer = Signer(keys: SecretKeys(Self.key), salt: "s")
        for value in [signer, TimedSigner(signer), manager] as [Any] {
            var dumped = ""
            dump(value, to: &dumped)
            for word in ["HMAC", "hash", "context", "Digest"] { #expect(!dumped.contains(word), "\(word)") }
        }
    }

    @Test func aKeyPrintsAsAFingerprint() {
        #expect("\(SecretKey("abc"))".hasPrefix("SecretKey("))
        #expect("\(SecretKey("abc"))" == "\(SecretKey("abc"))")
        #expect("\(SecretKey("abc"))" != "\(SecretKey("abd"))")
        #expect("\(SecretKeys("abc", fallbacks: ["x"]))".hasSuffix("fallbacks: 1)"))
    }
}
