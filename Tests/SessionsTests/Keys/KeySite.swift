// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions
import SessionsFlask
import SessionsTesting
import TestSupport

/// Several processes of one site in a test: they share the clock, the log and whatever holds sessions, and have keys
/// each.
struct KeySite {
    /// Every place where a key is at work.
    enum Kind: String, CaseIterable, Sendable {
        case sealed, signed, flask, stored, encrypted, flaskSession
    }

    static let old: SecretKey = "the old key, 7mQx2vK9rTzB4nWc8jLdY5hPf3GsU6ae"
    static let new: SecretKey = "the new key, 7mQx2vK9rTzB4nWc8jLdY5hPf3GsU6ae"
    /// A session ends an hour after its last use.
    static let idle = Duration.seconds(3600)

    static let before = SecretKeys(Self.old)
    static let accept = SecretKeys(Self.old, fallbacks: [Self.new])
    static let sign = SecretKeys(Self.new, fallbacks: [Self.old])
    static let retire = SecretKeys(Self.new)

    let kind: Kind
    let clock = ManualClock()
    let log = LogRecorder()
    private let configuration: SessionConfiguration

    init(_ kind: Kind, _ change: (inout SessionConfiguration) -> Void = { _ in }) {
        self.kind = kind
        var configuration: SessionConfiguration
        switch kind {
        case .sealed, .signed:
            configuration = SessionConfiguration()
            configuration.format = kind == .sealed ? .sealed : .signed
        case .flask: configuration = .flask
        case .stored, .encrypted:
            configuration = .stored(in: MemoryStore())
            configuration.encryptsStoredValues = kind == .encrypted
        case .flaskSession:
            configuration = .flaskSession(in: SharedFlaskStorage(clock: self.clock.sessionClock))
            configuration.flaskSession?.signsIDs = true
        }
        configuration.lifetime = SessionLifetime(idle: Self.idle)
        change(&configuration)
        self.configuration = configuration
    }

    /// A visitor who has signed in at a process with the old key, which has the new one by now and accepts the old.
    func visitorFromBeforeTheNewKey() async throws -> SiteVisitor {
        let process = try self.process(Self.before)
        let visitor = try await self.signedIn(process)
        try process.reload(keys: Self.sign)
        return visitor
    }

    func process(_ keys: SecretKeys) throws -> SessionManager {
        try SessionManager(
            keys: keys, configuration: self.configuration, clock: self.clock.sessionClock, logger: self.log.logger)
    }

    /// A visitor who signs in. Flask refreshes permanent sessions only, so that they are permanent there.
    func signedIn(_ process: SessionManager) async throws -> SiteVisitor {
        var visitor = self.visitor(process)
        let isPermanent = self.kind == .flask
        try await visitor.visit {
            $0["user"] = "alice"
            if isPermanent { $0.isPermanent = true }
        }
        return visitor
    }

    /// A browser at another process, with the cookie that it has.
    func visitor(_ process: SessionManager, with cookie: String? = nil) -> SiteVisitor {
        SiteVisitor(process, cookie: cookie, logger: self.log.logger)
    }
}
