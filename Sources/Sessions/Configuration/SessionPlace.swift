// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// Where sessions are kept, with the settings that they have there.
///
/// ```swift
/// var configuration = SessionConfiguration(.stored(in: store, sessionLimit: .endingOldest(5)))
/// configuration.lifetime = .aal3
/// ```
///
/// Each place takes the settings that have an effect there; those of all places are in ``SessionConfiguration``.
public struct SessionPlace: Sendable {
    indirect enum Value: Sendable {
        case cookies(CookieSessions)
        case store(StoredSessions)
        case provided(any SessionBackendProvider)
    }

    var value: Value

    /// In the cookies themselves; the server keeps nothing but, perhaps, a revocation list.
    ///
    /// With `accepting` a site moves from one format to another, and no visitor is signed out:
    ///
    /// ```swift
    /// var configuration = SessionConfiguration.flask  // the name and the lifetime that the cookies have
    /// configuration.place = .cookies(.sealed, accepting: [.flask])
    /// ```
    ///
    /// A cookie in an accepted format is sent again in `format` with the next response, whether the session was used or
    /// not; with `reading` or a shared list, with the next response to a request that opens it. The lifetime
    /// holds for the old cookies too. Flask's do not say when the session began: its absolute timeout counts from the
    /// change. An attacker who can forge an accepted format can sign in, so remove it when the old cookies have expired.
    ///
    /// - Parameters:
    ///   - format: How a session becomes the value of a cookie.
    ///   - formats: Formats that are read too; `format` alone is written.
    ///   - revocations: The list of sessions that have ended although their cookies have not expired, so that a copied
    ///     cookie is rejected after a sign-out and after a renewal (OWASP ASVS 5.0, 7.4.1 and 7.2.4). Only sealed cookies
    ///     have an id that a list can hold. Nil stands for a list in this process's memory with them, and for none with
    ///     other formats. Several processes share a list (``SessionRevocations/shared(in:staleness:)``);
    ///     ``SessionRevocations/off`` is none at all.
    ///   - place: A store whose sessions are read too; new sessions begin in their cookies all the same. It is for a site
    ///     of several servers that is about to keep its sessions in that store: some servers move sessions there before
    ///     the others do, and a visitor comes now to the one and now to the other (`docs/MIGRATING.md`). Give the same
    ///     `.stored(in:)` as those servers have, so that all of them write records alike, encrypted ones too. Its own
    ///     `accepting` and `revocations` do not count here; a place that is no store is refused at the start.
    public static func cookies(
        _ format: SessionFormat = .sealed, accepting formats: [SessionFormat] = [],
        revocations: SessionRevocations? = nil, reading place: SessionPlace? = nil
    ) -> SessionPlace {
        SessionPlace(
            value: .cookies(
                CookieSessions(format: format, accepted: formats, revocations: revocations, reading: place)))
    }

    /// In a store; the cookie carries a signed id and a secret.
    ///
    /// - Parameters:
    ///   - store: The store.
    ///   - encryptsValues: Whether the values in the store are encrypted, with a key derived from the secret key.
    ///   - sizeLimit: The most bytes that the contents of a session may take, messages for the next page included. A
    ///     commit beyond it throws ``SessionError/Kind-swift.struct/sessionTooLarge`` and stores nothing; what was stored
    ///     before stays, and can be read, made smaller and ended. Each request reads the whole session, and what a
    ///     visitor can make grow would otherwise fill the store.
    ///   - touchInterval: How often a session that is merely used is written, to note that it was; nil for a tenth of its
    ///     idle timeout.
    ///   - renewalInterval: How often a session gets a new secret by itself; nil for never.
    ///   - sessionLimit: How many sessions a user may have at once; nil for any number.
    ///   - purge: How often expired sessions are removed.
    ///   - formats: Formats of cookies whose sessions move into the store.
    ///   - revocations: The revocation list for these cookies, so that they end with their sessions; nil for one in this
    ///     process's memory, and ``SessionRevocations/off`` for none. Only with `formats`.
    public static func stored(
        in store: any SessionStore, encryptsValues: Bool = false, sizeLimit: Int = 1 << 20,
        touchInterval: Duration? = nil, renewalInterval: Duration? = nil, sessionLimit: SessionLimit? = nil,
        purge: PurgeSchedule = PurgeSchedule(), accepting formats: [SessionFormat] = [],
        revocations: SessionRevocations? = nil
    ) -> SessionPlace {
        SessionPlace(
            value: .store(
                StoredSessions(
                    store: store, encryptsValues: encryptsValues, sizeLimit: sizeLimit, touchInterval: touchInterval,
                    renewalInterval: renewalInterval, sessionLimit: sessionLimit, purge: purge, accepted: formats,
                    revocations: revocations)))
    }

    /// In a place that a module of its own provides.
    package static func provided(by provider: any SessionBackendProvider) -> SessionPlace {
        SessionPlace(value: .provided(provider))
    }
}

/// The settings of sessions in cookies.
package struct CookieSessions: Sendable {
    package var format = SessionFormat.sealed
    package var accepted: [SessionFormat] = []
    package var revocations: SessionRevocations?
    /// The store whose sessions are read too.
    package var reading: SessionPlace?
}

/// The settings of sessions in a store.
package struct StoredSessions: Sendable {
    package var store: any SessionStore
    package var encryptsValues = false
    package var sizeLimit = 1 << 20
    package var touchInterval: Duration?
    package var renewalInterval: Duration?
    package var sessionLimit: SessionLimit?
    package var purge = PurgeSchedule()
    /// Formats of cookies whose sessions move into the store.
    package var accepted: [SessionFormat] = []
    package var revocations: SessionRevocations?
}

/// A place for sessions that a module of its own provides, beside cookies and stores.
package protocol SessionBackendProvider: Sendable {
    /// Whether its sessions need a secret key.
    var needsKeys: Bool { get }

    /// Refuses settings that its sessions cannot keep, rather than promising and forgetting them.
    func validate(_ configuration: SessionConfiguration) throws(SessionError)

    /// Opens and commits its sessions.
    ///
    /// - Parameter keys: The keys; nil only where sessions need none.
    func backend(
        under keys: SecretKeys?, _ configuration: SessionConfiguration, clock: SessionClock, random: SessionRandom
    ) -> any SessionBackend

    /// Where the contents are, for the text of ``SessionConfiguration/policy``.
    var placeInWords: String { get }

    /// How soon a session that is ended is refused, for the text of ``SessionConfiguration/policy``.
    var revocationInWords: String { get }
}

extension SessionPlace {
    /// The settings of sessions in cookies; nil in another place.
    package var cookies: CookieSessions? {
        get { if case .cookies(let settings) = self.value { settings } else { nil } }
        set { if let newValue { self.value = .cookies(newValue) } }
    }

    /// The settings of sessions in a store; nil in another place.
    package var stored: StoredSessions? {
        get { if case .store(let settings) = self.value { settings } else { nil } }
        set { if let newValue { self.value = .store(newValue) } }
    }

    /// The module that provides the place; nil for cookies and stores.
    package var provider: (any SessionBackendProvider)? {
        if case .provided(let provider) = self.value { provider } else { nil }
    }

    /// The revocation list, where there is one.
    var revocations: SessionRevocations? { self.cookies?.revocations ?? self.stored?.revocations }
    /// Whether a revocation list, and not `off`, ends sessions that are in cookies.
    package var endsCookies: Bool { self.revocations?.list != nil }

    /// Whether there may be a revocation list: only sealed cookies have an id, and what moves into a store gets one.
    var canRevokeCookies: Bool {
        switch self.value {
        case .cookies(let settings): settings.format == .sealed
        case .store(let settings): !settings.accepted.isEmpty
        case .provided: false
        }
    }

    /// The place with a list in memory where there can be one and nothing else was said.
    var withRevocations: SessionPlace {
        guard self.canRevokeCookies, self.revocations == nil else { return self }
        var place = self
        place.cookies?.revocations = .memory
        place.stored?.revocations = .memory
        return place
    }

    /// Where expired sessions are to be removed, and how often; the engine of a provided place does that by itself.
    var purge: (store: any SessionStore, schedule: PurgeSchedule)? {
        switch self.value {
        case .cookies(let settings): settings.reading?.purge
        case .store(let settings): (settings.store, settings.purge)
        case .provided: nil
        }
    }
}
