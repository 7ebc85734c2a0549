// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Logging

/// How the session's lock is used: held for a moment, and never while code of the application's runs.
///
/// A clock, a source of random bytes, a log handler or a counter may look at the session that it is called for; under
/// the lock that would stop the process.
extension Session {
    /// The session whose cookie this task is reading. The application's code that looks at it meanwhile finds it empty.
    @TaskLocal private static var beingOpened: ObjectIdentifier?

    /// Reads the cookie if nothing has yet.
    func open() {
        guard let opening = self.withState({ $0.opening }), Self.beingOpened != ObjectIdentifier(self) else { return }
        let result = Self.$beingOpened.withValue(ObjectIdentifier(self)) {
            Result { () throws(CookieRefusal) in try opening.read() }
        }
        let isFirst = self.withState { $0.finishOpening(with: (try? result.get()).flatMap { $0 }) }
        guard isFirst, case .failure(let error) = result else { return }
        opening.refuse(error)
    }

    /// Looks at the session: opens it and remembers that something looked.
    func read<Result: Sendable>(_ body: (inout sending SessionState) -> Result) -> Result {
        self.write(body)
    }

    func write<Result: Sendable>(_ body: (inout sending SessionState) -> Result) -> Result {
        if self.isUnopened { self.open() }
        let (result, late) = self.withState { state in
            state.isAccessed = true
            let result = body(&state)
            return (result, state.takeLateChange())
        }
        late?.warn()
        return result
    }

    private var isUnopened: Bool { self.withState { if case .unopened = $0.origin { true } else { false } } }

    /// The same, with a secret at hand in case that the body renews the session.
    ///
    /// - Parameters:
    ///   - mayRenew: Whether the body may renew the session at all.
    ///   - ifSignedIn: Whether it does so only when the visitor is signed in.
    func writeRenewing<Result: Sendable>(
        if mayRenew: Bool = true, ifSignedIn: Bool = false, _ body: (inout sending SessionState) -> Result
    ) -> Result {
        guard mayRenew else { return self.write(body) }
        while true {
            let random = self.write { $0.lacksToken(ifSignedIn: ifSignedIn) ? $0.request.surroundings.random : nil }
            if let token = random.map(CrossSiteToken.init(using:)) { self.withState { $0.nextToken = token } }
            // Another task may have used it, or signed the visitor in.
            let result: Result? = self.write { $0.lacksToken(ifSignedIn: ifSignedIn) ? nil : body(&$0) }
            if let result { return result }
        }
    }

    func make(_ change: SessionChange) {
        self.writeRenewing(if: change.mayChangeUser, ifSignedIn: change.onlyRemoves) { $0.make(change) }
    }

    /// The request's clock, to be asked outside of the lock.
    var clock: SessionClock { self.withState { $0.request.surroundings.clock } }
}

extension Session {
    /// From now on a change is told of, because nothing saves it.
    func warnsOfChanges(in logger: Logger) {
        self.withState { $0.lateChangeLogger = logger }
    }
}

/// A change to a session after its commit, by a task or a body that outlives the handler: nothing saves it.
struct LateChange: Sendable {
    let logger: Logger
    /// The key of the value, or what else was changed.
    let key: String

    /// A key is a name of the application's, and no secret. The value is not told.
    func warn() {
        self.logger.warning(
            """
            a change to a session is lost, because it came after the session had been committed; make it before the \
            response begins
            """, metadata: ["session.key": "\(self.key)"])
    }
}
