// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Testing

@testable import Sessions
@testable import SessionsKeys
@testable import SessionsSupport
@testable import SessionsValues

/// What a sealed token is: unreadable, another one each time, with a beginning and an end inside.
@Suite struct SealedTokenTests {
    private static let now = TokenFormat.now

    @Test func contentsComeBack() throws {
        let coder = TokenFormat.sealed.coder(absolute: 7200)
        let opened = try coder.decode(try coder.encode(TokenFormat.contents)[...], now: Self.now)
        #expect(opened.values == TokenFormat.contents.values)
        #expect(opened.createdAt == Self.now - 100)
        #expect(opened.signedAt == Self.now)
        #expect(opened.id == TokenFormat.contents.id)
        #expect(opened.idMadeAt == TokenFormat.contents.idMadeAt)
        #expect(!opened.isInOldFormat)
    }

    @Test func contentsWithoutAnIDGetOne() throws {
        let coder = TokenFormat.sealed.coder()
        let contents = TokenContents(values: ["a": 1], createdAt: nil, signedAt: Self.now)
        let opened = try (0..<2).map { _ in try coder.decode(try coder.encode(contents)[...], now: Self.now) }
        #expect(opened[0].id != nil && opened[0].id != opened[1].id)
        #expect(opened[0].idMadeAt == Self.now * 1000)
    }

    @Test func aTokenIsCookieText() throws {
        let token = try TokenFormat.sealed.coder().encode(TokenFormat.contents)
        let alphabet = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
        #expect(token.allSatisfy(alphabet.contains))
    }

    @Test func theSameContentsGiveAnotherTokenEachTime() throws {
        let coder = TokenFormat.sealed.coder()
        let tokens = try (0..<1000).map { _ in try coder.encode(TokenFormat.contents) }
        #expect(Set(tokens).count == 1000)
        // All after the version and the key's id differs, the first half of the salt included.
        #expect(Set(tokens.map { $0[8..<24] }).count == 1000)
    }

    @Test func nothingInATokenCanBeRead() throws {
        for values in [["user": "ada-lovelace"], ["user": .string(String(repeating: "ada-lovelace", count: 50))]]
            as [SessionDictionary]
        {
            let contents = TokenContents(values: values, createdAt: Self.now, signedAt: Self.now)
            let token = try TokenFormat.sealed.coder().encode(contents)
            let bytes = try #require(Base64.decodeURLSafe(token[...]))
            for needle in ["ada", "user", "lovelace"] {
                #expect(bytes.firstRange(of: Array(needle.utf8)) == nil)
                #expect(token.firstRange(of: Base64.encodeURLSafe(Array(needle.utf8))) == nil)
            }
        }
    }

    @Test func longContentsAreCompressedAndShortOnesAreNot() throws {
        func length(_ text: String) throws -> Int {
            try TokenFormat.sealed.coder()
                .encode(TokenContents(values: ["t": .string(text)], createdAt: nil, signedAt: Self.now)).count
        }
        #expect(try length(String(repeating: "a", count: 3000)) < 200)
        #expect(try length("b") == ((53 + 38 + 9) * 4 + 2) / 3)
    }

    @Test func theEndThatWasSealedHoldsWhateverIsConfiguredLater() throws {
        let token = try TokenFormat.sealed.coder(idle: 60).encode(TokenFormat.contents)
        let later = TokenFormat.sealed.coder(idle: 3600)
        #expect(later.refusal(of: token, now: Self.now + 60) == nil)
        #expect(later.refusal(of: token, now: Self.now + 61) == .expired)
        let absolute = try TokenFormat.sealed.coder(absolute: 200).encode(TokenFormat.contents)
        #expect(later.refusal(of: absolute, now: Self.now + 100) == nil)
        #expect(later.refusal(of: absolute, now: Self.now + 101) == .expired)
    }

    @Test func aShorterLimitHoldsForOlderTokensAtOnce() throws {
        let token = try TokenFormat.sealed.coder(idle: 3600).encode(TokenFormat.contents)
        #expect(TokenFormat.sealed.coder(idle: 60).refusal(of: token, now: Self.now + 61) == .expired)
        #expect(TokenFormat.sealed.coder(absolute: 150).refusal(of: token, now: Self.now + 51) == .expired)
    }

    @Test func nothingPrintedHoldsAKey() {
        let key = SealingKey("a secret of thirty-two bytes or more")
        var text = "\(key) \(String(reflecting: key))"
        dump(key, to: &text)
        dump(TokenFormat.sealed.coder(keys: "a secret of thirty-two bytes or more"), to: &text)
        #expect(!text.contains("HMAC"))
        #expect(!text.contains("secret of"))
    }
}
