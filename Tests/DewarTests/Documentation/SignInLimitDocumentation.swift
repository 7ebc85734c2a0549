// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dewar

/// What the examples check passwords with.
struct Passwords {
    func verify(_ password: String, of user: String) async throws -> Bool { false }
}

/// README: docs/USERS.md, a limit on attempts to sign in
/// Sources: Dewar/SignIn/App+SignInLimit.swift
func signInLimitDocumentation(app: App, passwords: Passwords) {
    let limit = app.signInLimit()
    app.post("/sign-in") { request in
        let (user, password) = (try await request.form["user"], try await request.form["password"])
        let isRight = try await limit.attempt(as: user, from: request.remoteAddress) {
            try await passwords.verify(password, of: user)
        }
        guard isRight else { return "There is no such user with that password." }
        request.session.signIn(as: user)
        return redirect(request.next ?? "/")
    }
}

/// Sources: SessionsSignIn/SignInLimit.swift
func signInLimitComment(
    store: MemoryStore, keys: SecretKeys, session: Session, passwords: Passwords, user: String, password: String,
    address: String?
) async throws {
    let limit = SignInLimit(in: store, keys: keys)
    let isRight = try await limit.attempt(as: user, from: address) {
        try await passwords.verify(password, of: user)
    }
    if isRight { session.signIn(as: user) }
}

/// Sources: SessionsSignIn/SignInLimit+Configuration.swift
func signInConfigurationComment(store: MemoryStore, keys: SecretKeys) -> SignInLimit {
    var configuration = SignInLimit.Configuration()
    configuration.freeAttempts = 10
    configuration.longestWait = .seconds(900)
    let limit = SignInLimit(in: store, keys: keys, configuration: configuration)
    return limit
}
