// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// What goes wrong with sessions on the server's side: a wrong setting, a missing key, a value that cannot be stored.
///
/// A bad cookie is not an error; it opens a new, empty session. Two errors are equal when they are of one kind. A message
/// names the setting or the key of the entry that it is about. It never contains a secret key, a token or a session's
/// value.
///
/// ```swift
/// do throws(SessionError) {
///     headers = try await sessions.commit(session)
/// } catch {
///     headers = sessions.headersAfterFailure(of: session)
///     status = error.kind == .storeUnavailable ? 503 : 500
/// }
/// ```
///
/// Ask for the kind inside of `catch`, as here. Swift 6.3's compiler can crash at a `where` behind it.
public struct SessionError: Error, Sendable, CustomStringConvertible {
    /// The kind of error.
    ///
    /// Later versions may add kinds, so that a `switch` over them needs a `default`.
    public struct Kind: Hashable, Sendable, CustomStringConvertible {
        enum Value: String, Hashable, Sendable {
            case invalidConfiguration, weakKey, noSecretKey, unstorableValue, unreadableValue, sessionTooLarge,
                cookieTooLarge, storeUnavailable, sessionLimitReached, notSupported, missingMiddleware,
                sessionNotOpened
        }

        let value: Value

        /// Settings that contradict each other or that a browser would refuse; found at start-up.
        public static let invalidConfiguration = Kind(value: .invalidConfiguration)
        /// A secret key that could be guessed; found at start-up.
        public static let weakKey = Kind(value: .weakKey)
        /// A session was changed, and there is no secret key to sign it with.
        public static let noSecretKey = Kind(value: .noSecretKey)
        /// The session holds a value that has no stored form.
        public static let unstorableValue = Kind(value: .unstorableValue)
        /// A stored value does not have the form of the type that a change needs; the value is left as it is.
        public static let unreadableValue = Kind(value: .unreadableValue)
        /// The session is larger than the `sizeLimit` of its place; the stored session is left as it is.
        public static let sessionTooLarge = Kind(value: .sessionTooLarge)
        /// The cookie's name and value are longer than browsers keep.
        public static let cookieTooLarge = Kind(value: .cookieTooLarge)
        /// The session store is out of reach; the answer is 503.
        public static let storeUnavailable = Kind(value: .storeUnavailable)
        /// The user already has as many sessions as the limit allows, so this sign-in was refused; the answer is 403.
        public static let sessionLimitReached = Kind(value: .sessionLimitReached)
        /// Sessions that are kept this way do not support the call; the message says which ones do.
        public static let notSupported = Kind(value: .notSupported)
        /// A handler asked for the session, but no session middleware ran before it.
        public static let missingMiddleware = Kind(value: .missingMiddleware)
        /// A handler or hook that was registered with `usesSession: false` used the session.
        public static let sessionNotOpened = Kind(value: .sessionNotOpened)

        /// The name of the kind.
        public var description: String { self.value.rawValue }
    }

    /// The kind of error.
    public let kind: Kind
    /// What happened, and what to do about it.
    public let message: String

    /// How long a client should wait before it tries again; nil where waiting would not help. An adapter sends it as
    /// `Retry-After` (RFC 9110, section 10.2.3).
    ///
    /// Five seconds while the store is out of reach: stores on a network pause for half a second at most before they
    /// look for their server again, and wait a few seconds for one that does not answer.
    public var retryAfter: Duration? { self.kind == .storeUnavailable ? .seconds(5) : nil }

    package init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }

    /// The message.
    public var description: String { self.message }
}

extension SessionError {
    /// Whether it is what the request has put in that cannot be stored, and not the store that failed.
    var isAboutContents: Bool {
        [.unstorableValue, .unreadableValue, .sessionTooLarge, .cookieTooLarge].contains(self.kind)
    }

    /// An `Encodable` type threw. The message names the key and the error's type alone: its text could hold a value.
    static func unencodable(_ key: String?, _ error: any Error) -> SessionError {
        let place =
            key.map { "The session's value for \($0.debugDescription)" } ?? "A value that was put into the session"
        return SessionError(.unstorableValue, "\(place) cannot be encoded: \(type(of: error)).")
    }
}

extension SessionError {
    /// The session holds a value that has no stored form. The message names the first such value's key.
    ///
    /// - Parameter encode: Writes a session that holds one entry.
    package static func unstorable(
        _ values: SessionDictionary, _ error: any Error, encode: (SessionDictionary) throws -> [UInt8]
    ) -> SessionError {
        let key = values.first { (try? encode([$0.key: $0.value])) == nil }?.key
        let place = key.map { "The session's value for \($0.debugDescription)" } ?? "The session"
        return SessionError(.unstorableValue, "\(place) cannot be stored: \(error).")
    }
}

extension SessionError {
    /// A change cannot read the value that it needs. Key and type are the application's choice, so neither is secret.
    static func unreadable(_ key: String, as type: Any.Type, _ error: any Error) -> SessionError {
        SessionError(
            .unreadableValue,
            """
            The session's value for \(key.debugDescription) cannot be read as \(type) (\(Self.reason(error))), and was left \
            as it is. A type that has changed must still read what was stored before: make a new property optional, or \
            give it a default in init(from:).
            """)
    }

    private static func reason(_ error: any Error) -> String {
        switch error {
        case DecodingError.keyNotFound(let key, _): "it has no \(key.stringValue)"
        case DecodingError.typeMismatch, DecodingError.valueNotFound: "it is of another kind"
        default: "\(Swift.type(of: error))"
        }
    }
}

extension SessionError: Hashable {
    /// Whether two errors are of one kind; their messages do not count.
    public static func == (left: Self, right: Self) -> Bool { left.kind == right.kind }

    /// Hashes the kind, as `==` compares it.
    public func hash(into hasher: inout Hasher) { hasher.combine(self.kind) }
}
