// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Testing

@testable import Sessions
@testable import SessionsSupport

/// Nothing in a signed token can be changed, character by character.
@Suite struct TokenTamperingTests {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    @Test(arguments: TokenFormat.allCases)
    func aSignedBombIsABadPayload(_ format: TokenFormat) throws {
        let text = String(repeating: "a", count: TokenPayload.maximumInflatedSize)
        let token = try format.token(json: Array(#"{"text":"\#(text)"}"#.utf8))
        #expect(token.count < 4096)
        #expect(format.coder().refusal(of: token) == .badPayload)
        #expect(format.coder().refusal(of: try format.token(json: Array(#"{"text":"a"}"#.utf8))) == nil)
    }

    /// A cookie that no request could read would lose all that the session held.
    @Test(arguments: TokenFormat.allCases, [0, 1])
    func whatNoReaderInflatesIsNotWritten(_ format: TokenFormat, excess: Int) throws {
        let frame = format == .signed ? "[\(TokenFormat.now),{\"t\":\"\"}]" : #"{"t":""}"#
        let text = String(repeating: "a", count: TokenPayload.maximumInflatedSize - frame.utf8.count + excess)
        let now = TokenFormat.now
        let contents = TokenContents(values: ["t": .string(text)], createdAt: now, signedAt: now)
        if excess > 0 {
            #expect(throws: SessionError(.cookieTooLarge, "")) { try format.coder().encode(contents) }
        } else {
            #expect(format.coder().refusal(of: try format.coder().encode(contents)) == nil)
        }
    }

    @Test(arguments: TokenFormat.withSignature)
    func noByteOfPayloadOrTimestampCanBeChanged(_ format: TokenFormat) throws {
        let coder = format.coder()
        let token = try coder.encode(TokenFormat.contents)
        #expect(coder.refusal(of: token) == nil)
        for position in 0..<(token.count - format.signatureLength - 1) {
            for byte in UInt8.min...UInt8.max where byte != token[position] {
                var altered = token
                altered[position] = byte
                #expect(coder.refusal(of: altered) == .badSignature, "byte \(byte) at \(position)")
            }
        }
    }

    @Test(arguments: TokenFormat.withSignature)
    func noBitOfTheSignatureCanBeChanged(_ format: TokenFormat) throws {
        let coder = format.coder()
        let token = try coder.encode(TokenFormat.contents)
        let code = try #require(Base64.decodeURLSafe(token.suffix(format.signatureLength)))
        for position in code.indices {
            for bit in 0..<8 {
                var altered = code
                altered[position] ^= 1 << UInt8(bit)
                let forged = token.dropLast(format.signatureLength) + Base64.encodeURLSafe(altered)
                #expect(coder.refusal(of: Array(forged)) == .badSignature, "bit \(bit) of \(position)")
            }
        }
    }

    /// The last character has six bits, of which the code fills four: the other two are nobody's.
    @Test(arguments: TokenFormat.withSignature)
    func onlyTheUnusedBitsOfTheLastCharacterAreFree(_ format: TokenFormat) throws {
        let coder = format.coder()
        let token = try coder.encode(TokenFormat.contents)
        var spellings: Set<UInt8> = []
        for position in (token.count - format.signatureLength)..<token.count {
            for character in Self.alphabet {
                var altered = token
                altered[position] = character
                guard coder.refusal(of: altered) == nil else { continue }
                #expect(character == token[position] || position == token.count - 1)
                if position == token.count - 1 { spellings.insert(character) }
            }
        }
        let last = try #require(token.last)
        let first = try #require(Self.alphabet.firstIndex(of: last)) & ~3
        #expect(spellings == Set(Self.alphabet[first...(first + 3)]))
    }

    /// Python reads "+" for "-" and "/" for "_"; no other byte stands for a character of the signature.
    @Test(arguments: TokenFormat.withSignature)
    func noOtherByteStandsForACharacterOfTheSignature(_ format: TokenFormat) throws {
        let coder = format.coder()
        let token = try coder.encode(TokenFormat.contents)
        let standard = [UInt8(ascii: "-"): UInt8(ascii: "+"), UInt8(ascii: "_"): UInt8(ascii: "/")]
        for position in (token.count - format.signatureLength)..<(token.count - 1) {
            for byte in UInt8.min...UInt8.max where byte != token[position] {
                var altered = token
                altered[position] = byte
                let isSame = standard[token[position]] == byte
                #expect((coder.refusal(of: altered) == nil) == isSame, "byte \(byte) at \(position)")
            }
        }
    }

    @Test(arguments: TokenFormat.withSignature)
    func noPartOfATokenIsAToken(_ format: TokenFormat) throws {
        let coder = format.coder()
        let token = try coder.encode(TokenFormat.contents)
        for length in 0..<token.count {
            #expect(coder.refusal(of: Array(token.prefix(length))) != nil)
            if length > 0 { #expect(coder.refusal(of: Array(token.dropFirst(length))) != nil) }
        }
    }

    @Test(arguments: TokenFormat.withSignature)
    func partsOfTwoTokensMakeNoThird(_ format: TokenFormat) throws {
        let coder = format.coder()
        var other = TokenFormat.contents
        other.signedAt -= 50
        other.values["user"] = "eve"
        let left = try coder.encode(TokenFormat.contents).split(separator: Signer.separator)
        let right = try coder.encode(other).split(separator: Signer.separator)
        for mask in 1..<7 {
            let parts = (0..<3).map { mask & (1 << $0) == 0 ? left[$0] : right[$0] }
            let mixed = Array(parts.joined(separator: [Signer.separator]))
            #expect(coder.refusal(of: mixed) == .badSignature)
        }
    }
}
