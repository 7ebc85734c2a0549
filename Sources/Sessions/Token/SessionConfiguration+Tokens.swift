// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

extension SessionConfiguration {
    /// What writes the configured format and reads the accepted ones.
    func tokenCoder(keys: SecretKeys, random: SessionRandom) -> any TokenCoder {
        let current = self.tokenCoder(self.format, keys: keys, random: random)
        var seen: Set<SessionFormat> = [self.format]
        let older = self.acceptedFormats.filter { seen.insert($0).inserted }
        guard !older.isEmpty else { return current }
        return AcceptingTokenCoder(
            current: current, older: older.map { self.tokenCoder($0, keys: keys, random: random) })
    }

    /// What reads the accepted formats alone, where sessions live in a store; nil when there are none.
    func acceptedCoder(keys: SecretKeys, random: SessionRandom) -> (any TokenCoder)? {
        guard let first = self.acceptedFormats.first else { return nil }
        var configuration = self
        configuration.format = first
        return configuration.tokenCoder(keys: keys, random: random)
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
