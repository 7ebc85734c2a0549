// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

extension SessionConfiguration {
    /// What writes one format, and reads others besides.
    func tokenCoder(
        _ format: SessionFormat, accepting accepted: [SessionFormat], keys: SecretKeys, random: SessionRandom
    ) -> any TokenCoder {
        let current = self.tokenCoder(format, keys: keys, random: random)
        var seen: Set<SessionFormat> = [format]
        let older = accepted.filter { seen.insert($0).inserted }
        guard !older.isEmpty else { return current }
        return AcceptingTokenCoder(
            current: current, older: older.map { self.tokenCoder($0, keys: keys, random: random) })
    }

    private func tokenCoder(_ format: SessionFormat, keys: SecretKeys, random: SessionRandom) -> any TokenCoder {
        switch format {
        case .flask:
            FlaskTokenCoder(
                keys: keys, maximumAge: self.lifetime.idleSeconds, clockSkew: self.clockSkewSeconds)
        case .sealed:
            SealedTokenCoder(
                keys: keys, cookieName: self.cookie.name, lifetime: self.lifetime, clockSkew: self.clockSkewSeconds,
                random: random)
        case .signed:
            SignedTokenCoder(
                keys: keys, cookieName: self.cookie.name, lifetime: self.lifetime, clockSkew: self.clockSkewSeconds)
        }
    }
}
