// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// What every backend is made of, and the one place that chooses among them.
struct BackendParts {
    let configuration: SessionConfiguration
    let clock: SessionClock
    let random: SessionRandom

    /// The configured backend.
    ///
    /// - Parameter keys: The keys; nil only where sessions need none.
    func backend(under keys: SecretKeys?) -> any SessionBackend {
        switch (self.configuration.place.value, keys) {
        case (.provided(let provider), _):
            return provider.backend(under: keys, self.configuration, clock: self.clock, random: self.random)
        case (_, nil): return UnavailableBackend()
        case (.cookies(let settings), let keys?):
            guard let stored = settings.reading?.stored else {
                return self.cookieBackend(settings, under: keys, moved: nil)
            }
            return self.movingBackend(settings, stored, to: .cookies, under: keys)
        case (.store(let settings), let keys?):
            guard let first = settings.accepted.first else {
                return self.storeBackend(settings, under: keys, moved: nil)
            }
            // Nothing is written to cookies any more: the accepted formats are read.
            let cookies = CookieSessions(format: first, accepted: settings.accepted, revocations: settings.revocations)
            return self.movingBackend(cookies, settings, to: .store, under: keys)
        }
    }

    private func movingBackend(
        _ cookies: CookieSessions, _ stored: StoredSessions, to destination: MovingBackend.Destination,
        under keys: SecretKeys
    ) -> MovingBackend {
        let moved = self.ledger(cookies.revocations, movesSessions: true).map {
            MovedSessions(ledger: $0, store: stored.store, clock: self.clock)
        }
        return MovingBackend(
            self.cookieBackend(cookies, under: keys, moved: moved),
            self.storeBackend(stored, under: keys, moved: moved),
            to: destination, moved: moved)
    }

    private func ledger(_ revocations: SessionRevocations?, movesSessions: Bool) -> RevocationLedger? {
        revocations?.list.map { list in
            RevocationLedger(
                list: list, clock: self.clock, retention: self.configuration.cookieRetention,
                renewalGrace: self.configuration.renewalGrace, movesSessions: movesSessions)
        }
    }

    private func cookieBackend(
        _ settings: CookieSessions, under keys: SecretKeys, moved: MovedSessions?
    ) -> CookieBackend {
        CookieBackend(
            settings, keys: keys, configuration: self.configuration, clock: self.clock, random: self.random,
            ledger: moved?.ledger ?? self.ledger(settings.revocations, movesSessions: false), listener: moved)
    }

    private func storeBackend(
        _ settings: StoredSessions, under keys: SecretKeys, moved: MovedSessions?
    ) -> StoreBackend {
        StoreBackend(
            settings, keys: keys, configuration: self.configuration, clock: self.clock, random: self.random,
            listener: moved)
    }
}
