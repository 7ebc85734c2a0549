// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// How sessions are kept: the place, the cookie, the lifetime, and when the cookie is sent again.
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
    /// Where sessions are kept, with the settings that they have there.
    public var place: SessionPlace
    /// What happens to a request while the store is out of reach.
    public var outagePolicy: OutagePolicy
    /// The grace period of the previous secret, and of a sealed cookie's previous id.
    ///
    /// After a *periodic* renewal the previous secret is accepted for this long. After ``Session/renew()`` it is rejected
    /// at once, and for this long without further consequences: requests that were in flight bring it. If it arrives
    /// later, an attacker has a copy of the cookie, and the session is ended. Zero makes the requests of a page that loads
    /// while its visitor signs in look like such an attack.
    public var renewalGrace: Duration
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
    /// Whether a guessable secret key prevents the start, or only logs a warning.
    public var allowsWeakKeys: Bool
    /// How long before an accepted key ends a warning is logged, once an hour, while tokens under it are still seen.
    public var keyRetirementWarning: Duration

    /// The safe default: `__Host-session`, Secure, HttpOnly, SameSite=Lax, one hour idle and 24 hours in all, and the
    /// contents encrypted in the cookie unless another place is given.
    public init(_ place: SessionPlace = .cookies()) {
        self.place = place
        self.outagePolicy = .fail
        self.renewalGrace = .seconds(30)
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
        SessionConfiguration(.stored(in: store))
    }

    /// Flask 3.1's defaults and cookie format.
    public static let flask: SessionConfiguration = {
        var configuration = SessionConfiguration(.cookies(.flask))
        configuration.cookie = .flask
        configuration.lifetime = .flask
        configuration.refresh = .permanentOnEachRequest
        configuration.forbidsCaching = false
        configuration.allowsWeakKeys = true
        return configuration
    }()
}

extension SessionConfiguration {
    /// The configuration with a revocation list in memory where there can be one and nothing else was said.
    var withRevocations: SessionConfiguration {
        var configuration = self
        configuration.place = self.place.withRevocations
        return configuration
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
/// `touchInterval` of ``SessionPlace/stored(in:encryptsValues:sizeLimit:touchInterval:renewalInterval:sessionLimit:purge:accepting:revocations:)``.
public enum SessionRefresh: Sendable, Hashable {
    /// Permanent sessions with every response, others never: Flask's `SESSION_REFRESH_EACH_REQUEST`.
    ///
    /// In Flask's own format that is every response indeed, as there. Elsewhere it is every response to a request that
    /// looked at the session. To other requests it goes once a tenth of the idle time has gone by, if the cookie is signed
    /// and opening a session reads neither a store nor a shared list. With a store each one costs a write.
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
