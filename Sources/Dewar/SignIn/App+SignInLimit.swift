// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions
public import SessionsSignIn

extension App {
    /// A limit on attempts to sign in, whose counts are where the application's sessions are.
    ///
    /// ```swift
    /// let limit = app.signInLimit()
    /// app.post("/sign-in") { request in
    ///     let (user, password) = (try await request.form["user"], try await request.form["password"])
    ///     let isRight = try await limit.attempt(as: user, from: request.remoteAddress) {
    ///         try await passwords.verify(password, of: user)
    ///     }
    ///     guard isRight else { return "There is no such user with that password." }
    ///     request.session.signIn(as: user)
    ///     return redirect(request.next ?? "/")
    /// }
    /// ```
    ///
    /// Too many attempts are answered with 429 and `Retry-After`; an ``Scaffold/errorHandler(of:handler:)`` for
    /// `SignInLimitReached` makes the page. Call this once for the application, and use the same limit wherever a password
    /// is asked for. Behind a proxy, ``ProxyFix`` must say who the visitor is, or all visitors are one network.
    ///
    /// Sessions in cookies have no store: each process then has counts of its own. `SignInLimit(in:keys:)` takes a store.
    ///
    /// - Parameter configuration: How many attempts there are.
    public func signInLimit(_ configuration: SignInLimit.Configuration = SignInLimit.Configuration()) -> SignInLimit {
        // Settings without which there are no sessions prevent the start.
        guard let sessions = try? self.sessions else {
            return SignInLimit(
                in: MemoryStore(), keys: "", configuration: configuration, clock: self.clock, logger: self.logger)
        }
        return SignInLimit(sessions, configuration: configuration)
    }
}
