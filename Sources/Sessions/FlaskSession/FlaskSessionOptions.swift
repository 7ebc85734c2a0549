// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

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

    /// Flask-Session's own defaults.
    public init(storage: any FlaskSessionStorage) {
        self.storage = storage
        self.keyPrefix = "session:"
        self.idLength = 32
        self.signsIDs = false
        self.startsPermanent = true
        self.serialization = .messagePack
    }
}
