// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Testing

@testable import Sessions
@testable import SessionsSupport

/// Nothing in a sealed token can be changed, bit by bit.
@Suite struct SealedTamperingTests {
    private static let coder = TokenFormat.sealed.coder()

    private static func token() throws -> (text: [UInt8], bytes: [UInt8]) {
        let text = try Self.coder.encode(TokenFormat.contents)
        return (text, try #require(Base64.decodeCanonical(text[...])))
    }

    @Test func noBitCanBeChanged() throws {
        let (text, bytes) = try Self.token()
        #expect(Self.coder.refusal(of: text) == nil)
        for position in bytes.indices {
            for bit in 0..<8 {
                var altered = bytes
                altered[position] ^= 1 << UInt8(bit)
                let expected: TokenError.Kind =
                    switch position {
                    case 0: .unknownVersion
                    case 1...4: .unknownKey
                    default: .badSeal
                    }
                #expect(
                    Self.coder.refusal(of: Base64.encodeURLSafe(altered)) == expected, "bit \(bit) of \(position)")
            }
        }
    }

    /// Padding, the other alphabet's characters, and bits of the last character that stand for nothing are refused too.
    @Test func noCharacterCanBeChanged() throws {
        var contents = TokenFormat.contents
        // Three lengths in a row, so that the last character has spare bits or none.
        for text in ["a", "ab", "abc"] {
            contents.values["text"] = .string(text)
            let token = try Self.coder.encode(contents)
            let positions = text == "a" ? token.indices : (token.count - 2)..<token.count
            for position in positions {
                for byte in UInt8.min...UInt8.max where byte != token[position] {
                    var altered = token
                    altered[position] = byte
                    #expect(Self.coder.refusal(of: altered) != nil, "byte \(byte) at \(position)")
                }
            }
            for ending in ["=", "==", "A", " ", "\n", ".", ".a.b"] {
                #expect(Self.coder.refusal(of: token + Array(ending.utf8)) != nil)
            }
        }
    }

    @Test func noPartOfATokenIsAToken() throws {
        let (text, bytes) = try Self.token()
        for length in 0..<text.count {
            #expect(Self.coder.refusal(of: Array(text.prefix(length))) != nil)
            if length > 0 { #expect(Self.coder.refusal(of: Array(text.dropFirst(length))) != nil) }
        }
        for length in 0..<bytes.count {
            let reason: TokenError.Kind = length < 53 ? .malformedToken : .badSeal
            #expect(Self.coder.refusal(of: Base64.encodeURLSafe(bytes.prefix(length))) == reason)
        }
        #expect(Self.coder.refusal(of: Base64.encodeURLSafe(bytes + [0])) == .badSeal)
        #expect(Self.coder.refusal(of: Base64.encodeURLSafe(bytes + bytes)) == .badSeal)
    }

    @Test func partsOfTwoTokensMakeNoThird() throws {
        let (left, right) = (try Self.token().bytes, try Self.token().bytes)
        // The salt, the ciphertext, the tag.
        let cuts = [5, 37, left.count - 16, left.count]
        for mask in 1..<7 {
            var mixed = Array(left[..<5])
            for part in 0..<3 {
                let source = mask & (1 << part) == 0 ? left : right
                mixed += source[cuts[part]..<cuts[part + 1]]
            }
            #expect(Self.coder.refusal(of: Base64.encodeURLSafe(mixed)) == .badSeal)
        }
    }

    @Test func everyOtherVersionIsUnknown() throws {
        var bytes = try Self.token().bytes
        for version in UInt8.min...UInt8.max where version != 1 {
            bytes[0] = version
            #expect(Self.coder.refusal(of: Base64.encodeURLSafe(bytes)) == .unknownVersion)
        }
    }
}
