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
    let observer: SessionObserver

    /// The configured backend.
    ///
    /// - Parameter keys: The keys; nil only where sessions need none.
    func backend(under keys: SecretKeys?) -> any SessionBackend {
        if let options = self.configuration.flaskSession {
            return FlaskSessionBackend(
                options, keys: keys, configuration: self.configuration, clock: self.clock, random: self.random,
                observer: self.observer)
        }
        guard let keys else { return UnavailableBackend() }
        guard let store = self.configuration.store else { return self.cookieBackend(under: keys) }
        let backend = self.storeBackend(store, under: keys)
        guard !self.configuration.acceptedFormats.isEmpty else { return backend }
        return TakeoverBackend(self.cookieBackend(under: keys), into: backend)
    }

    private func cookieBackend(under keys: SecretKeys) -> CookieBackend {
        CookieBackend(
            coder: self.configuration.tokenCoder(keys: keys, random: self.random), configuration: self.configuration,
            clock: self.clock, random: self.random, observer: self.observer,
            overflow: self.configuration.overflowStore.map { self.storeBackend($0, under: keys) })
    }

    private func storeBackend(_ store: any SessionStore, under keys: SecretKeys) -> StoreBackend {
        StoreBackend(
            store: store, tickets: SessionTicketCoder(keys: keys, cookieName: self.configuration.cookie.name),
            contents: ContentsCoder(
                keys: keys, encrypts: self.configuration.encryptsStoredValues, random: self.random),
            configuration: self.configuration, clock: self.clock, random: self.random, observer: self.observer)
    }
}

extension SessionConfiguration {
    /// Where expired sessions are to be removed; Flask-Session's engine does that by itself.
    var purgedStore: (any SessionStore)? { self.flaskSession == nil ? self.store ?? self.overflowStore : nil }
}
