// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import SessionsTesting
import Testing

@testable import Sessions
@testable import SessionsSupport

/// Random damage never opens a token and never stops the process.
@Suite struct TokenFuzzTests {
    private static let seed: UInt64 = 0xDE0A_2025
    private static let rounds = 20_000

    @Test(arguments: TokenFormat.allCases)
    func aMutatedTokenNeverOpens(_ format: TokenFormat) throws {
        print("TokenFuzzTests: seed \(Self.seed)")
        var generator = SeededGenerator(seed: Self.seed)
        let coder = format.coder()
        var long = TokenFormat.contents
        long.values["text"] = .string(String(repeating: "abc", count: 200))
        let tokens = try [TokenFormat.contents, long].map { try coder.encode($0) }
        for round in 0..<Self.rounds {
            guard let token = tokens.randomElement(using: &generator) else { continue }
            let mutated = Self.mutate(token, &generator)
            guard coder.refusal(of: mutated) == nil else { continue }
            guard format != .sealed else {
                #expect(mutated == token, "round \(round)")
                continue
            }
            // What opens is the same signed text with another spelling of the same signature.
            let (text, original) = (Self.split(mutated), Self.split(token))
            #expect(text.value == original.value, "round \(round)")
            #expect(text.code == original.code, "round \(round)")
        }
    }

    @Test(arguments: TokenFormat.allCases)
    func randomBytesNeverOpen(_ format: TokenFormat) {
        var generator = SeededGenerator(seed: Self.seed + 1)
        let coder = format.coder()
        for round in 0..<Self.rounds {
            let isText = round % 2 == 0
            let bytes = (0..<Int.random(in: 0...120, using: &generator)).map { _ in
                isText ? Self.textByte(&generator) : UInt8.random(in: 0...255, using: &generator)
            }
            #expect(coder.refusal(of: bytes) != nil, "round \(round)")
        }
    }

    @Test func signedNonsenseNeverStopsTheProcess() {
        var generator = SeededGenerator(seed: Self.seed + 2)
        let signers = [
            TimedSigner(Signer(keys: "a secret", salt: "cookie-session")),
            TimedSigner(Signer(keys: "a secret", salt: "dewar.session.session", digest: .sha256)),
        ]
        let json = Array(
            #"[1,{" t":[1,2.5e3,-0,"é\ud83d\ude00\u00e9",null,true],"x":{" b":"QUJD"}," d":{" u":"0"}}]"#.utf8)
        for _ in 0..<Self.rounds / 4 {
            let damaged = Self.mutate(json, &generator)
            let payload =
                Bool.random(using: &generator) ? TokenPayload.encode(damaged) : [0x2E] + Base64.encodeURLSafe(damaged)
            for (signer, format) in zip(signers, TokenFormat.withSignature) {
                _ = format.coder(absolute: 7200).refusal(of: signer.sign(payload, at: TokenFormat.now))
            }
        }
    }

    // MARK: - Damage

    private static func mutate(_ bytes: [UInt8], _ generator: inout SeededGenerator) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...3, using: &generator) {
            let position = Int.random(in: 0...bytes.count, using: &generator)
            switch Int.random(in: 0..<6, using: &generator) {
            case 0 where position < bytes.count: bytes[position] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
            case 1 where position < bytes.count: bytes[position] = Self.textByte(&generator)
            case 2 where position < bytes.count: bytes.remove(at: position)
            case 3: bytes.insert(Self.textByte(&generator), at: position)
            case 4: bytes.removeSubrange(position...)
            default: bytes.insert(contentsOf: bytes.prefix(position).suffix(20), at: position)
            }
        }
        return bytes
    }

    private static func textByte(_ generator: inout SeededGenerator) -> UInt8 {
        Array("ABCXYZabcxyz0189-_.=+/ \"{}[],:".utf8).randomElement(using: &generator) ?? 0
    }

    private static func split(_ token: [UInt8]) -> (value: ArraySlice<UInt8>, code: [UInt8]?) {
        let dot = token.lastIndex(of: Signer.separator) ?? 0
        return (token[..<dot], Base64.decodeURLSafe(token[(dot + 1)...]))
    }
}
