// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

public import Sessions

/// What a Swift service and the Flask-Session application beside it must agree on: the application's `SESSION_*`
/// settings.
public struct FlaskSessionOptions: Sendable {
    /// The engine that both use.
    public var storage: any FlaskSessionStorage
    /// What stands before an id in a key: `SESSION_KEY_PREFIX`.
    public var keyPrefix: String
    /// How many random bytes make an id: `SESSION_ID_LENGTH`. At least 16, since nothing else keeps a guesser out.
    public var idLength: Int
    /// Whether the id in the cookie is signed with the secret key: `SESSION_USE_SIGNER`.
    ///
    /// Without it no secret key is needed. Flask-Session knows the current key alone; fallbacks only verify, and only
    /// here.
    public var signsIDs: Bool
    /// Whether a new session outlives the browser's: `SESSION_PERMANENT`, which is true unless it is set.
    public var startsPermanent: Bool
    /// How records are written: `SESSION_SERIALIZATION_FORMAT`.
    public var serialization: FlaskSessionSerialization

    /// The most bytes that a record may take: 1 MiB unless set. A commit beyond it throws `SessionError` and stores
    /// nothing.
    public var sizeLimit: Int

    /// Flask-Session's own defaults.
    public init(storage: any FlaskSessionStorage) {
        self.storage = storage
        self.keyPrefix = "session:"
        self.idLength = 32
        self.signsIDs = false
        self.startsPermanent = true
        self.serialization = .messagePack
        self.sizeLimit = 1 << 20
    }
}

/// How a record of Flask-Session is written: its `SESSION_SERIALIZATION_FORMAT`. Both forms are read whichever is
/// written.
public enum FlaskSessionSerialization: Sendable, Hashable {
    /// MessagePack, Flask-Session's default. Tuples come back as lists, and UUIDs as text.
    case messagePack
    /// JSON, in which bytes and dates come back as text too.
    case json
}

extension SessionConfiguration {
    /// Sessions that a Flask application with Flask-Session 0.8 keeps in the same engine: who logs in on one side is
    /// logged in on the other.
    ///
    /// The defaults are those of Flask and Flask-Session. Set what the application sets:
    ///
    /// ```swift
    /// var configuration = SessionConfiguration.flaskSession(in: storage)
    /// configuration.flaskSession?.keyPrefix = "shop:"  // SESSION_KEY_PREFIX
    /// configuration.cookie.name = "shop_session"  // SESSION_COOKIE_NAME
    /// configuration.lifetime.idle = .seconds(7 * 86400)  // PERMANENT_SESSION_LIFETIME
    /// let sessions = try SessionManager(keys: nil, configuration: configuration)
    /// ```
    ///
    /// It gives up what `stored(in:)` has: a thief who reads the engine has the ids and so every session, of two
    /// requests that change a session at once the later one wins, and there is no absolute limit. `docs/FLASK.md` has
    /// the whole list.
    public static func flaskSession(in storage: any FlaskSessionStorage) -> SessionConfiguration {
        var configuration = SessionConfiguration.flask
        configuration.flaskSession = FlaskSessionOptions(storage: storage)
        return configuration
    }

    /// The records of a Flask-Session application, if sessions are shared with one; nil in another place.
    ///
    /// Setting it keeps sessions there. Setting nil keeps the sessions that were there in Flask's cookies, and changes
    /// nothing in another place.
    public var flaskSession: FlaskSessionOptions? {
        get { self.place.provider as? FlaskSessionOptions }
        set {
            if let newValue {
                self.place = .provided(by: newValue)
            } else if self.flaskSession != nil {
                self.place = .cookies(.flask)
            }
        }
    }
}

extension FlaskSessionOptions: SessionBackendProvider {
    package var needsKeys: Bool { self.signsIDs }

    package func validate(_ configuration: SessionConfiguration) throws(SessionError) {
        let faults: [(isFault: Bool, message: String)] = [
            (
                configuration.lifetime.absolute != nil,
                "Flask-Session does not keep when a session began; set lifetime.absolute to nil."
            ),
            (
                configuration.lifetime.idle < .seconds(1),
                "lifetime.idle is under a second; use 31 days for what Flask does."
            ),
            (self.sizeLimit < 1, "flaskSession.sizeLimit is under 1 byte, and nothing could be stored; use 1 << 20."),
            (
                configuration.refresh == .afterTenthOfIdleTime,
                "Flask-Session does not keep when a session was used; set refresh to .permanentOnEachRequest or .never."
            ),
            (
                !(16...256).contains(self.idLength),
                "flaskSession.idLength is not from 16 to 256 bytes; Flask-Session's is 32."
            ),
        ]
        if let fault = faults.first(where: \.isFault) { throw SessionError(.invalidConfiguration, fault.message) }
    }

    package func backend(
        under keys: SecretKeys?, _ configuration: SessionConfiguration, clock: SessionClock, random: SessionRandom
    ) -> any SessionBackend {
        FlaskSessionBackend(self, keys: keys, configuration: configuration, clock: clock, random: random)
    }

    package var placeInWords: String { "the records of Flask-Session; the cookie carries their id" }

    package var revocationInWords: String { "at the next request; a user's sessions cannot be listed" }
}
