// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Logging
import TestSupport
import Testing

@testable import Sessions
@testable import SessionsKeys
@testable import SessionsSupport

/// Guessable keys prevent the start in the default settings and are warned about in Flask's.
@Suite struct KeyStrengthTests {
    private static let good: SecretKey = "0f3b8d21c4a97e65f0b1d2839c4e7a56b8d0f1e2a3c49576"

    @Test(arguments: [
        "any random string", "your_secret_key", "dev", "secret", "changeme", "short but random 8dQ3", "",
        "192b9bdd22ab9ed4d12e236c78afcb9a393ec15f71bbf5dc987d54727823bcbf", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "abcabcabcabcabcabcabcabcabcabcabcabcabcabc", "0123456789abcdef0123456789abcde",
        // The digits of hex, twice.
        "0123456789abcdef0123456789abcdef", "0123456789ABCDEF0123456789ABCDEF",
        // Along the alphabet, the digits and the keyboard, forward and back.
        "abcdefghijklmnopqrstuvwxyz0123456789", "0123456789abcdefghijklmnopqrstuvwxyz",
        "zyxwvutsrqponmlkjihgfedcba9876543210", "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
        "qwertyuiopasdfghjklzxcvbnm1234567890", "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p;/",
        "poiuytrewqlkjhgfdsamnbvcxz0987654321", "12345678901234567890123456789012", "acegikmoqsuwyacegikmoqsuwyacegik",
        // A word, or a shorter key, until it is long enough.
        "changemechangemechangemechangemechangeme", "secretsecretsecretsecretsecretsecret",
        "password1234567890password1234567", "S3cr3t-S3cr3t-S3cr3t-S3cr3t-S3cr3t", "8dQ3kV-zP1!8dQ3kV-zP1!8dQ3kV-zP1!8",
        "devdevdevdev1devdevdevdev2devdevdevdev3",
        // What documentation prints, written otherwise.
        "Put_Your_Own_32_Random_Bytes_Or_More_Here", "PUT YOUR OWN 32 RANDOM BYTES OR MORE HERE!!!",
        "192B9BDD22AB9ED4D12E236C78AFCB9A393EC15F71BBF5DC987D54727823BCBF",
    ])
    func aGuessableKeyIsWeak(_ text: String) {
        #expect(KeyStrength.weakness(of: SecretKey(text)) != nil)
    }

    @Test(arguments: ["0f3b8d21c4a97e65f0b1d2839c4e7a56b8d0f1e2a3c49576", "f00dbabe8417c2d95e6a3b01948c7d2e"])
    func aRandomKeyIsStrong(_ text: String) {
        #expect(KeyStrength.weakness(of: SecretKey(text)) == nil)
        for _ in 0..<1000 {
            let key = SecretKey(using: .system)
            #expect(KeyStrength.weakness(of: key) == nil)
            #expect(KeyStrength.weakness(of: SecretKey(key.hexText)) == nil)
            #expect(KeyStrength.weakness(of: SecretKey(String(key.base64Text.dropFirst("base64:".count)))) == nil)
            // The least that is taken: 128 bits in hex.
            #expect(KeyStrength.weakness(of: SecretKey(Hex.text(SessionRandom.system.bytes(16)))) == nil)
        }
    }

    @Test func equalStepsAreWeakInBytesToo() {
        for step in [1, 37, 255] as [UInt8] {
            #expect(KeyStrength.weakness(of: SecretKey(bytes: (0..<32).map { $0 &* step })) != nil)
        }
    }

    /// A whole key that stands twice is as good as once.
    @Test func aRandomKeyThatIsRepeatedIsStrong() {
        let key = SecretKey(using: .system).bytes
        #expect(KeyStrength.weakness(of: SecretKey(bytes: key + key)) == nil)
    }

    /// 32 bytes of a page as they are, or as text.
    @Test func thePrintedHexIsKnownAsBytesToo() {
        let text = "192b9bdd22ab9ed4d12e236c78afcb9a393ec15f71bbf5dc987d54727823bcbf"
        for key in [SecretKey(text), SecretKey(bytes: Hex.bytes(text.utf8) ?? [])] {
            #expect(KeyStrength.weakness(of: key) == "is printed in documentation")
        }
    }

    @Test func theTutorialsBytesAreKnown() {
        let key = SecretKey(bytes: Array("_5#y2L\"F4Q8z\n".utf8) + [0xEC] + Array("]/".utf8))
        #expect(KeyStrength.weakness(of: key) == "is printed in documentation")
    }

    @Test func theDefaultRefusesAWeakKeyAndSaysHowToMakeAGoodOne() {
        let error = Self.refusal(of: "sesame-open-now")
        #expect(error?.kind == .weakKey)
        #expect(error?.message.hasSuffix("Make a good one with: dewar key") == true)
        #expect(error?.message.contains("secret key") == true)
    }

    @Test func aWeakFallbackIsRefusedToo() {
        let error = Self.refusal(of: SecretKeys(Self.good, fallbacks: ["sesame"]))
        #expect(error?.kind == .weakKey)
        #expect(error?.message.contains("fallback key") == true)
    }

    @Test func noMessageNamesAPartOfTheKey() {
        for text in ["sesame-open-now", "xyzzyxyzzyxyzzyxyzzyxyzzyxyzzyxyzzyxyzzy"] {
            let message = Self.refusal(of: SecretKeys(SecretKey(text)))?.message ?? text
            for start in text.indices {
                let part = text[start...].prefix(4)
                if part.count == 4 { #expect(!message.contains(part)) }
            }
        }
    }

    @Test func flaskOnlyWarnsOnceForEachWeakKey() throws {
        let log = LogRecorder()
        let keys = SecretKeys("dev", fallbacks: [Self.good, "sesame-open-now"])
        _ = try SessionManager(keys: keys, configuration: .flask, logger: log.logger)
        #expect(log.warnings == 2)
        #expect(!log.text.contains("sesame"))
        let quiet = LogRecorder()
        _ = try SessionManager(keys: SecretKeys(Self.good), configuration: .flask, logger: quiet.logger)
        #expect(quiet.text.isEmpty)
    }

    /// Nobody needs an old key that is nothing, and with one anybody could sign.
    @Test func anEmptyFallbackIsRefusedEverywhere() {
        let keys = SecretKeys(Self.good, fallbacks: [""])
        #expect(Self.refusal(of: keys)?.kind == .weakKey)
        #expect(Self.refusal(of: keys, .flask)?.kind == .weakKey)
    }

    private static func refusal(
        of keys: SecretKeys, _ configuration: SessionConfiguration = .standard
    ) -> SessionError? {
        do throws(SessionError) {
            _ = try SessionManager(keys: keys, configuration: configuration)
            return nil
        } catch {
            return error
        }
    }
}
