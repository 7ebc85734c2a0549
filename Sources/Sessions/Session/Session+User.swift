// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

extension Session {
    /// Signs a user in: who it is and when is noted in the session, the secret is new, and the limits start anew.
    ///
    /// ```swift
    /// session.signIn(as: "alice")
    /// ```
    ///
    /// What was in the session stays. A cookie that was planted or copied before is worth nothing afterwards, and
    /// neither are tokens from ``csrfToken``. The user is the entry `_user_id`, which Flask-Login uses too, and the
    /// time is `_authenticated_at`.
    ///
    /// - Parameter user: What your application knows the user by, for good: 1 to 1024 bytes. Anything else signs no
    ///   user in, and the commit throws ``SessionError/Kind-swift.struct/unstorableValue``.
    /// - SeeAlso: OWASP ASVS 5.0, 7.2.4.
    public func signIn(as user: String) {
        let now = self.clock.seconds
        self.writeRenewing { $0.signIn(as: user, at: now) }
    }

    /// Signs out: ends the session, as ``destroy()`` does.
    public func signOut() { self.destroy() }

    /// Notes that the user has proved once more who they are: with a password before a payment, say.
    ///
    /// The secret is new, and both limits start anew (NIST SP 800-63B-4, section 5.2). With no user signed in there is
    /// only a new secret.
    public func reauthenticate() {
        let now = self.clock.seconds
        self.writeRenewing { $0.reauthenticate(at: now) }
    }

    /// Who is signed in, or nil.
    ///
    /// An integer that a Flask application has put there reads as its decimal digits. What is empty, or longer than
    /// 1024 bytes, is no user.
    public var user: String? { self.read { $0.values.user } }

    /// When the user last proved who they are, to the second; nil when no user is signed in, and when a Flask
    /// application did the signing in.
    public var authenticatedAt: Date? { self.read { $0.values.authenticatedAt } }

    /// The user; throws when no user is signed in.
    ///
    /// ```swift
    /// let user = try session.requireSignedIn()
    /// ```
    ///
    /// The answer gets `Cache-Control: no-store` unless the handler gives it a `Cache-Control` of its own: after the
    /// sign-out the browser's Back button would show the page to the next person at the browser.
    @discardableResult
    public func requireSignedIn() throws(SignInRequired) -> String {
        let user = self.read { state in
            state.isForUser = true
            return state.values.user
        }
        guard let user else { throw SignInRequired(.notSignedIn) }
        return user
    }

    /// The user; throws when no user is signed in, and when it is that long ago that they proved who they are.
    ///
    /// ```swift
    /// try session.requireFresh(within: .seconds(15 * 60))
    /// ```
    ///
    /// Ask for the password then, and call ``reauthenticate()``. (OWASP ASVS 5.0, 7.5.3.) The answer gets
    /// `Cache-Control: no-store` as with ``requireSignedIn()``.
    @discardableResult
    public func requireFresh(within limit: Duration) throws(SignInRequired) -> String {
        let now = self.clock.now()
        let (user, isFresh) = self.read { state in
            state.isForUser = true
            return (state.values.user, state.isFresh(within: limit, at: now))
        }
        guard let user else { throw SignInRequired(.notSignedIn) }
        guard isFresh else { throw SignInRequired(.notFresh) }
        return user
    }
}

/// A route needs a user who is signed in, or who has proved lately who they are.
///
/// A framework adapter answers it with 401; a site with pages of its own catches it and leads to them:
///
/// ```swift
/// do throws(SignInRequired) {
///     try session.requireFresh(within: .seconds(600))
/// } catch {
///     page = error.kind == .notSignedIn ? "/login" : "/password"
/// }
/// ```
public struct SignInRequired: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is missing.
    ///
    /// Later versions may add kinds, so that a `switch` over them needs a `default`.
    public struct Kind: Hashable, Sendable, CustomStringConvertible {
        enum Value: String, Hashable, Sendable {
            case notSignedIn, notFresh
        }

        let value: Value

        /// No user is signed in.
        public static let notSignedIn = Kind(value: .notSignedIn)
        /// A user is, and it is too long ago that they proved it.
        public static let notFresh = Kind(value: .notFresh)

        /// The name of the kind.
        public var description: String { self.value.rawValue }
    }

    /// What is missing.
    public let kind: Kind

    /// The error of a kind, for a route that checks for itself.
    public init(_ kind: Kind) {
        self.kind = kind
    }

    /// What to do, in a sentence.
    public var description: String {
        switch self.kind.value {
        case .notSignedIn: "No user is signed in."
        case .notFresh: "Signing in once more is needed for this."
        }
    }
}
