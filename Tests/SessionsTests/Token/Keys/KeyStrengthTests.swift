// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Logging
import TestSupport
import Testing

@testable import Sessions

/// Guessable keys stop the start in the default settings and are warned about in Flask's.
@Suite struct KeyStrengthTests {
    private static let good: SecretKey = "0f3b8d21c4a97e65f0b1d2839c4e7a56b8d0f1e2a3c49576"

    @Test(arguments: [
        "any random string", "your_secret_key", "dev", "secret", "changeme", "short but random 8dQ3", "",
        "192b9bdd22ab9ed4d12e236c78afcb9a393ec15f71bbf5dc987d54727823bcbf", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "abcabcabcabcabcabcabcabcabcabcabcabcabcabc", "0123456789abcdef0123456789abcde",
    ])
    func aGuessableKeyIsWeak(_ text: String) {
        #expect(KeyStrength.weakness(of: SecretKey(text)) != nil)
    }

    @Test(arguments: ["0f3b8d21c4a97e65f0b1d2839c4e7a56b8d0f1e2a3c49576", "f00dbabe8417c2d95e6a3b01948c7d2e"])
    func aRandomKeyIsStrong(_ text: String) {
        #expect(KeyStrength.weakness(of: SecretKey(text)) == nil)
        #expect(KeyStrength.weakness(of: SecretKey(bytes: (0..<32).map { $0 &* 37 })) == nil)
    }

    @Test func theTutorialsBytesAreKnown() {
        let key = SecretKey(bytes: Array("_5#y2L\"F4Q8z\n".utf8) + [0xEC] + Array("]/".utf8))
        #expect(KeyStrength.weakness(of: key) == "is printed in tutorials")
    }

    @Test func theDefaultRefusesAWeakKeyAndSaysHowToMakeAGoodOne() {
        let error = Self.refusal(of: "sesame-open-now")
        #expect(error?.code == .weakKey)
        #expect(error?.message.hasSuffix("Make a good one with: dewar key") == true)
        #expect(error?.message.contains("secret key") == true)
    }

    @Test func aWeakFallbackIsRefusedToo() {
        let error = Self.refusal(of: SecretKeys(Self.good, fallbacks: ["sesame"]))
        #expect(error?.code == .weakKey)
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
        #expect(Self.refusal(of: keys)?.code == .weakKey)
        #expect(Self.refusal(of: keys, .flask)?.code == .weakKey)
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
