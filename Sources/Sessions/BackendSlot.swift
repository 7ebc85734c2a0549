// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Synchronization

/// The one place where a manager and its copies hold their backend, so that new keys reach all of them at once.
///
/// A request takes the backend twice, to open its session and to commit it, and goes on with the one that it took.
final class BackendSlot: Sendable {
    private let content = Mutex<(backend: any SessionBackend, keys: SecretKeys?)>((UnavailableBackend(), nil))

    var backend: any SessionBackend {
        get { self.content.withLock { $0.backend } }
        set { self.content.withLock { $0.backend = newValue } }
    }

    /// The keys that the backend has.
    var keys: SecretKeys? {
        get { self.content.withLock { $0.keys } }
        set { self.content.withLock { $0.keys = newValue } }
    }

    /// Goes on under other keys; when that cannot be, everything stays as it is.
    func rekey(_ keys: SecretKeys) throws(SessionError) {
        try self.content.withLock { (content) throws(SessionError) in
            content = (try content.backend.rekeyed(keys), keys)
        }
    }
}

/// What every backend is made of, and the one place that chooses among them.
struct BackendParts {
    let configuration: SessionConfiguration
    let clock: SessionClock
    let random: SessionRandom

    /// The configured backend.
    ///
    /// - Parameter keys: The keys; nil only where sessions need none.
    func backend(under keys: SecretKeys?) -> any SessionBackend {
        if let provider = self.configuration.provider {
            return provider.backend(under: keys, self.configuration, clock: self.clock, random: self.random)
        }
        guard let keys else { return UnavailableBackend() }
        switch (self.configuration.store, self.configuration.acceptedStore) {
        case (nil, nil): return self.cookieBackend(under: keys, moved: nil)
        case (let store?, _):
            guard self.configuration.takesCookiesOver else { return self.storeBackend(store, under: keys, moved: nil) }
            return self.movingBackend(store, to: .store, under: keys)
        case (nil, let store?): return self.movingBackend(store, to: .cookies, under: keys)
        }
    }

    private func movingBackend(
        _ store: any SessionStore, to destination: MovingBackend.Destination, under keys: SecretKeys
    ) -> MovingBackend {
        let moved = self.ledger(movesSessions: true).map { MovedSessions(ledger: $0, store: store, clock: self.clock) }
        return MovingBackend(
            self.cookieBackend(under: keys, moved: moved), self.storeBackend(store, under: keys, moved: moved),
            to: destination, moved: moved)
    }

    private func ledger(movesSessions: Bool) -> RevocationLedger? {
        self.configuration.revocations?.list.map { list in
            RevocationLedger(
                list: list, clock: self.clock, retention: self.configuration.cookieRetention,
                renewalGrace: self.configuration.renewalGrace, movesSessions: movesSessions)
        }
    }

    private func cookieBackend(under keys: SecretKeys, moved: MovedSessions?) -> CookieBackend {
        CookieBackend(
            coder: self.configuration.tokenCoder(keys: keys, random: self.random), configuration: self.configuration,
            clock: self.clock, random: self.random, ledger: moved?.ledger ?? self.ledger(movesSessions: false),
            listener: moved)
    }

    private func storeBackend(
        _ store: any SessionStore, under keys: SecretKeys, moved: MovedSessions?
    ) -> StoreBackend {
        StoreBackend(
            store: store, tickets: SessionTicketCoder(keys: keys, cookieName: self.configuration.cookie.name),
            contents: ContentsCoder(
                keys: keys, encrypts: self.configuration.encryptsStoredValues, random: self.random),
            configuration: self.configuration, clock: self.clock, random: self.random, listener: moved)
    }
}

extension SessionConfiguration {
    /// Where expired sessions are to be removed; the engine of another place does that by itself.
    var purgedStore: (any SessionStore)? { self.provider == nil ? self.store ?? self.acceptedStore : nil }
}
