// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

@testable import Sessions

extension FuzzTarget {
    /// The first byte says whether the input is a token, or what is sealed in one.
    static let sealedToken = FuzzTarget("sealed-token", "Dewar's sealed cookie") { input in
        let coder = SealedTokenCoder(
            keys: FuzzSetting.keys, cookieName: FuzzSetting.cookieName, lifetime: FuzzSetting.lifetime,
            clockSkew: FuzzSetting.clockSkew, random: FuzzSetting.random)
        let sealer = Sealer(
            keys: FuzzSetting.keys, purpose: SealedTokenCoder.purpose, name: FuzzSetting.cookieName,
            random: FuzzSetting.random)
        let (way, rest) = input.choice(of: 2)
        let token = way == 0 ? rest : try sealer.seal(rest)
        if way == 1 {
            try require(try sealer.open(token[...]) == rest, "the seal holds something else")
            if let payload = SealedPayload(rest) { try require(payload.bytes == rest, "a payload has two spellings") }
        }
        guard let contents = try? coder.decode(token[...], now: FuzzSetting.now) else { return }
        try require(coder.hasForm(of: token[...]), "a token was read that has not the form of one")
        guard let written = try? coder.encode(contents) else { return }
        let again = try? coder.decode(written[...], now: FuzzSetting.now)
        try require(again?.values == contents.values, "sealed again, the session holds something else")
        try require(
            again?.createdAt == contents.createdAt && again?.signedAt == contents.signedAt && again?.id == contents.id
                && again?.idMadeAt == contents.idMadeAt, "sealed again, the session has other times")
    }
}
