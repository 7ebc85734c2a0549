// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Logging
import Sessions
import SessionsTesting
import TestSupport

/// A site in a test: a manager with a clock to move and a log to look into.
struct TestSite {
    static let key: SecretKey = "0f3b8d21c4a97e65f0b1d2839c4e7a56b8d0f1e2a3c49576"

    let manager: SessionManager
    let clock = ManualClock()
    let log = LogRecorder()

    init(_ configuration: SessionConfiguration = .standard, keys: SecretKeys? = SecretKeys(Self.key)) throws {
        self.manager = try SessionManager(
            keys: keys, configuration: configuration, clock: self.clock.sessionClock, logger: self.log.logger)
    }

    /// One request: opens, handles, commits.
    @discardableResult
    func visit(_ cookie: String? = nil, _ handler: (Session) throws -> Void = { _ in }) async throws -> SessionHeaders {
        let session = try await self.manager.open(cookie.map { [$0] } ?? [], logger: self.log.logger)
        try handler(session)
        return try await self.manager.commit(session, logger: self.log.logger)
    }

    /// The `name=value` that a browser sends back after a request that puts something into its session.
    func cookie(_ handler: (Session) throws -> Void = { $0["user"] = "ada" }) async throws -> String {
        try await self.visit(nil, handler).pair
    }

    /// What the session of a cookie holds now.
    func contents(of cookie: String) async throws -> SessionDictionary {
        try await self.manager.open([cookie], logger: self.log.logger).entries
    }
}

extension SessionConfiguration {
    /// The default with cookies that are signed and can be read.
    static let signed: SessionConfiguration = {
        var configuration = SessionConfiguration()
        configuration.format = .signed
        return configuration
    }()
}

extension SessionHeaders {
    /// The `name=value` of the `Set-Cookie`; empty when there is none.
    var pair: String { String((self.setCookie ?? "").prefix { $0 != ";" }) }

    /// What follows the value.
    var attributes: String { String((self.setCookie ?? "").drop { $0 != ";" }.dropFirst(2)) }
}
