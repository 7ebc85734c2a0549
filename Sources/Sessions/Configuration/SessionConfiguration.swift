// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// How sessions are kept: the format, the cookie, the lifetime, and when the cookie is sent again.
///
/// Left to its defaults it does what the standards ask for. `.flask` means Flask's own defaults, for sites that share
/// cookies with a Flask application and for plain-HTTP tutorials. Both are ordinary values to change:
///
/// ```swift
/// var configuration = SessionConfiguration.flask
/// configuration.cookie.sameSite = .lax
/// configuration.lifetime.idle = .seconds(60 * 60)
/// ```
public struct SessionConfiguration: Sendable {
    /// How a session becomes the value of a cookie.
    public var format: SessionFormat
    /// Formats that are read too, besides ``format``, which alone is written.
    ///
    /// A cookie in one of these is sent again in ``format`` with the next response, whether the session was used or
    /// not; with a store, an accepted store or a shared list, with the next response to a request that opens it. So a
    /// site moves from one format to another and no visitor is signed out:
    ///
    /// ```swift
    /// var configuration = SessionConfiguration.flask  // the name and the lifetime that the cookies have
    /// configuration.format = .sealed
    /// configuration.acceptedFormats = [.flask]
    /// ```
    ///
    /// With a ``store``, the sessions in these cookies move into it; add ``revocations``, so that they end with them.
    ///
    /// ``lifetime`` holds for the old cookies too. Flask's do not say when the session began: its absolute limit counts
    /// from the change. An attacker who can forge an accepted format can sign in, so take it out when the old cookies
    /// have ended.
    public var acceptedFormats: [SessionFormat]
    /// Where the contents of sessions are kept; nil keeps them in the cookie.
    public var store: (any SessionStore)?
    /// A store whose sessions are read too; nil for none. New sessions begin in their cookies all the same.
    ///
    /// It is for a site of several servers that is about to keep its sessions in a ``store``. Some servers write to that
    /// store before the other servers do, and a visitor comes now to the one and now to the other: with the store
    /// accepted, every server opens the visitor's session (`docs/MIGRATING.md`). A session in the store stays there.
    public var acceptedStore: (any SessionStore)?
    /// The list of sessions that have ended although their cookies have not expired, so that a copied cookie is refused
    /// after a sign-out, and after a renewal (OWASP ASVS 5.0, 7.4.1 and 7.2.4).
    ///
    /// For sealed cookies, and for cookies whose sessions move into a ``store`` (``acceptedFormats``). Nil stands for a
    /// list in this process's memory there (``SessionRevocations/memory``), and for none elsewhere: a store forgets
    /// what has ended by itself, and cookies of the formats `.signed` and `.flask` have no id that a list could hold.
    /// Several processes share a list (``SessionRevocations/shared(in:staleness:)``). ``SessionRevocations/off`` is
    /// none at all.
    public var revocations: SessionRevocations?
    /// Another place for sessions than cookies and stores, which a module of its own provides.
    package var provider: (any SessionBackendProvider)?
    /// Whether the values in the store are encrypted, with a key derived from the secret key.
    public var encryptsStoredValues: Bool
    /// The most bytes that the contents of a session in a store may take, messages for the next page included: 1 MiB
    /// unless set.
    ///
    /// A commit beyond it throws ``SessionError/Kind-swift.struct/sessionTooLarge`` and stores nothing; what was stored
    /// before stays, and can be read, made smaller and ended. It is there because each request reads the whole session,
    /// and what a visitor can make grow would otherwise fill the store.
    public var storedSizeLimit: Int
    /// What happens to a request while the store is out of reach.
    public var outagePolicy: OutagePolicy
    /// How often a stored session that is merely used is written, to note that it was; nil for a tenth of its idle
    /// time.
    public var touchInterval: Duration?
    /// How often a stored session gets a new secret by itself; nil for never.
    public var renewalInterval: Duration?
    /// How long requests that were on their way when the secret was renewed may take to arrive.
    ///
    /// After such a renewal the secret before is good for that long. Later, and later than that after
    /// ``Session/renew()`` too, it ends the session, as the id before does of a sealed cookie: a thief has a copy of a
    /// cookie. So zero leaves a page that loads while its visitor signs in no time at all.
    public var renewalGrace: Duration
    /// How many sessions a user may have at once; nil for any number.
    public var sessionLimit: SessionLimit?
    /// How often expired sessions are removed from the store.
    public var purge: PurgeSchedule
    /// The cookie's name and attributes.
    public var cookie: SessionCookie
    /// When a session ends.
    public var lifetime: SessionLifetime
    /// When an unchanged session is sent again.
    public var refresh: SessionRefresh
    /// How far in the future a signature may lie, for servers whose clocks differ. Flask's own is zero.
    public var clockSkew: Duration
    /// Whether `Cache-Control: no-store` goes with every `Set-Cookie`.
    public var forbidsCaching: Bool
    /// Whether a guessable secret key stops the start, or only logs a warning.
    public var allowsWeakKeys: Bool
    /// How long before the end of an accepted key a warning is logged, once an hour, when tokens under it are still
    /// seen.
    public var keyRetirementWarning: Duration

    /// The safe default: `__Host-session`, Secure, HttpOnly, SameSite=Lax, one hour idle and 24 hours in all,
    /// and the contents encrypted.
    public init() {
        self.format = .sealed
        self.acceptedFormats = []
        self.store = nil
        self.acceptedStore = nil
        self.revocations = nil
        self.provider = nil
        self.encryptsStoredValues = false
        self.storedSizeLimit = 1 << 20
        self.outagePolicy = .fail
        self.touchInterval = nil
        self.renewalInterval = nil
        self.renewalGrace = .seconds(30)
        self.sessionLimit = nil
        self.purge = PurgeSchedule()
        self.cookie = .standard
        self.lifetime = .standard
        self.refresh = .afterTenthOfIdleTime
        self.clockSkew = .seconds(60)
        self.forbidsCaching = true
        self.allowsWeakKeys = false
        self.keyRetirementWarning = .seconds(7 * 24 * 60 * 60)
    }

    /// The safe default, under a name.
    public static let standard = SessionConfiguration()

    /// The safe default, with the contents in a store and only a signed id and a secret in the cookie.
    public static func stored(in store: any SessionStore) -> SessionConfiguration {
        var configuration = SessionConfiguration()
        configuration.store = store
        return configuration
    }

    /// Flask 3.1's defaults and cookie format.
    public static let flask: SessionConfiguration = {
        var configuration = SessionConfiguration()
        configuration.format = .flask
        configuration.cookie = .flask
        configuration.lifetime = .flask
        configuration.refresh = .permanentOnEachRequest
        configuration.forbidsCaching = false
        configuration.allowsWeakKeys = true
        return configuration
    }()
}

extension SessionConfiguration {
    /// Whether there may be ``revocations``: only sealed cookies have an id, and what moves into a store gets one.
    var canRevokeCookies: Bool {
        self.takesCookiesOver || (self.format == .sealed && self.store == nil && self.provider == nil)
    }

    /// The configuration with a list in memory where there can be one and nothing else was said.
    var withRevocations: SessionConfiguration {
        guard self.canRevokeCookies, self.revocations == nil else { return self }
        var configuration = self
        configuration.revocations = .memory
        return configuration
    }

    var takesCookiesOver: Bool { self.store != nil && !self.acceptedFormats.isEmpty }

    /// Refuses contents that are over the limit, unless they are no larger than what they replace: a session that is
    /// too large already can be made smaller.
    package func checkSize(_ contents: [UInt8], replacing size: Int = 0) throws(SessionError) {
        guard contents.count > max(self.storedSizeLimit, size) else { return }
        throw SessionError(
            .sessionTooLarge,
            """
            The session takes \(contents.count) bytes, and storedSizeLimit is \(self.storedSizeLimit). Nothing of this \
            request's changes was stored. Keep less in the session, or raise storedSizeLimit.
            """)
    }

    /// How long a token could be good after its session's end, whatever the servers' clocks make of the second.
    var cookieRetention: Duration { self.lifetime.idle + self.clockSkew + .seconds(1) }

    var clockSkewSeconds: Int { Int(self.clockSkew.components.seconds) }
}

/// When the cookie of an unchanged session is sent again.
///
/// A request that does not look at its session is no use of a session that is sealed in its cookie: to tell when such a
/// cookie was made would cost what opening it costs.
///
/// With a store the cookie itself stays the same, and what is sent again is how long the browser keeps it, so that it
/// matters to permanent sessions alone. When the store notes that a session was used is
/// ``SessionConfiguration/touchInterval``.
public enum SessionRefresh: Sendable, Hashable {
    /// Permanent sessions with every response, others never: Flask's `SESSION_REFRESH_EACH_REQUEST`.
    ///
    /// In Flask's own format that is every response indeed, as there. Elsewhere it is every response to a request that
    /// looked at the session. To other requests it goes once a tenth of the idle time has gone by, if the cookie is signed
    /// and no store is read to open a session (a store, an accepted store, a shared list). With a store each one costs a
    /// write.
    case permanentOnEachRequest
    /// Any session, once a tenth of its idle time has gone by; with a store, when its use is noted.
    case afterTenthOfIdleTime
    /// Only when it changes.
    case never
}

/// What happens to a request while the session store is out of reach.
public enum OutagePolicy: Sendable, Hashable {
    /// A request that opens its session fails with 503 Service Unavailable.
    case fail
    /// The visitor is anonymous: the session is empty, and a request that tries to change it fails with 503.
    case anonymous
}
