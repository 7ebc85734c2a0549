// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

public import Logging
import Synchronization

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Opens the session of a request and commits it to the response: the two verbs that a framework adapter needs.
///
/// ```swift
/// let sessions = try SessionManager(keys: SecretKeys(key))
/// let session = try await sessions.open(cookieFields)  // the values of the request's Cookie fields
/// session["visits"] = 1
/// let headers = try await sessions.commit(session)  // what to add to the response
/// ```
///
/// Make one at start-up and share it. Commit every session that was opened, also when the handler has thrown: what it
/// changed until then is kept, as in Flask.
public final class SessionManager: Sendable {
    /// The settings that it was made with, and the list of revocations that is the default for sealed cookies.
    public let configuration: SessionConfiguration
    package let slot = BackendSlot()
    let watch: KeyWatch
    package let logger: Logger
    package let clock: SessionClock
    private let surroundings: SessionSurroundings
    private let cookieName: CookieName
    private let purger: SessionPurger?
    private let refresher: RevocationRefresher?
    let eventSource: EventSource

    /// A manager with these keys and settings.
    ///
    /// - Parameters:
    ///   - keys: What signs or seals the cookies. Nil, or an empty key, gives sessions that can be read, are empty, and
    ///     refuse changes.
    ///   - configuration: The settings.
    ///   - clock: Where the time comes from.
    ///   - random: Where ids, secrets, tokens and the salts of sealed cookies come from.
    ///   - logger: Where start-up warnings go, and what no request's logger is given for.
    /// - Throws: ``SessionError`` when the settings contradict each other or the key could be guessed; the message says
    ///   what to change.
    public init(
        keys: SecretKeys?, configuration: SessionConfiguration = SessionConfiguration(), clock: SessionClock = .system,
        random: SessionRandom = .system, logger: Logger = Logger(label: "dewar.sessions")
    ) throws(SessionError) {
        try configuration.validate()
        let configuration = configuration.withRevocations
        let needsKeys = configuration.place.provider?.needsKeys ?? true
        let watch = KeyWatch(clock: clock, warning: configuration.keyRetirementWarning, logger: logger)
        let usable = needsKeys ? keys.flatMap { $0.current.isEmpty ? nil : $0.watched(by: watch) } : nil
        self.configuration = configuration
        self.cookieName = CookieName(configuration.cookie.name)
        self.clock = clock
        self.surroundings = SessionSurroundings(lifetime: configuration.lifetime, clock: clock, random: random)
        self.logger = logger
        self.watch = watch
        self.eventSource = EventSource(clock: clock)
        self.purger = configuration.place.purge.map {
            SessionPurger(store: $0.store, clock: clock, schedule: $0.schedule, logger: logger)
        }
        self.refresher = configuration.place.revocations?.list.flatMap {
            $0.isShared ? RevocationRefresher(list: $0, clock: clock, logger: logger) : nil
        }
        self.refresher?.announce()
        if let usable {
            try Self.check(usable, allowsWeak: configuration.allowsWeakKeys, logger: logger)
            self.slot.keys = usable
        }
        guard usable != nil || !needsKeys else { return }
        let parts = BackendParts(configuration: configuration, clock: clock, random: random)
        self.slot.backend = parts.backend(under: usable)
    }

    /// The session of a request.
    ///
    /// A cookie that is missing, expired, altered or unreadable gives a new, empty session; the reason is counted and
    /// logged at debug level. Of several cookies with the session's name up to four are tried, and the first counts
    /// whose signature is good and whose session is live.
    ///
    /// - Parameters:
    ///   - cookieFields: The values of the request's `Cookie` fields, as many as there are.
    ///   - request: Where the request comes from. With it, the response to a request of another site sets no cookie:
    ///     the browser may have kept the visitor's own cookie back (SameSite), and would have it replaced.
    ///   - userAgent: The request's `User-Agent`, of which a sign-in makes a line for the user's list of devices.
    ///   - logger: The request's logger; nil for the manager's own.
    public func open(
        _ cookieFields: [String], from request: CrossSiteRequest? = nil, userAgent: String? = nil,
        logger: Logger? = nil
    ) async throws(SessionError) -> Session {
        self.start()
        let fields = RequestFields(cookies: cookieFields, userAgent: userAgent, origin: { request })
        return try await self.open(
            fields, arrival: self.clock.now(), in: self.backend, logger: logger ?? self.logger)
    }

    /// - Parameters:
    ///   - arrival: When the request came. The graces of a renewal are judged by it, because a handler may first look at
    ///     the session long after.
    ///   - backend: That of the moment at which the request came: under new keys its cookie may not be good any more.
    func open(
        _ fields: RequestFields, arrival: Date, in backend: any SessionBackend, logger: Logger
    ) async throws(SessionError) -> Session {
        let values = self.tokens(in: fields.cookies)
        let token = values.count > 1 ? await backend.choose(among: values, arrival: arrival) : values.first
        let session = try await backend.open(token, arrival: arrival, self.reporter(logger))
        let isWithheld = values.isEmpty && self.mayWithhold(from: fields.origin?())
        let facts = RequestFacts(
            userAgent: fields.userAgent, cameWithCookie: !values.isEmpty, mayHaveHiddenCookie: isWithheld,
            surroundings: self.surroundings)
        session.withState { $0.request = facts }
        return session
    }

    private func tokens(in cookieFields: [String]) -> [ArraySlice<UInt8>] {
        cookieFields.isEmpty ? [] : CookieHeader(cookieFields).tokens(self.cookieName, limit: CookieChoice.limit)
    }

    /// Whether a browser may have withheld the session's cookie from the request, because another site sent it.
    private func mayWithhold(from request: CrossSiteRequest?) -> Bool {
        guard let request else { return false }
        return self.configuration.cookie.mayBeWithheld(from: request.method) && request.isCrossSite
    }

    /// Whether the cookie of a request whose session nothing has opened may have to be sent again.
    func mayRefreshUnread(_ cookieFields: @autoclosure () -> [String]) -> Bool {
        let backend = self.backend
        guard !backend.readsStoreToOpen else { return false }
        let tokens = self.tokens(in: cookieFields())
        return tokens.count > 1 || tokens.first.map(backend.mayRefreshUnread) ?? false
    }

    /// Writes what the request did to its session, and says what the response must carry.
    ///
    /// A session that began in a request of another site without a cookie is not kept, since the visitor may have one;
    /// nor is one that began because the request's cookie was renewed while the request was under way.
    ///
    /// - Throws: ``SessionError`` when the session cannot be stored; the response should then be an error with the
    ///   headers of ``headersAfterFailure(of:)``.
    public func commit(_ session: Session, logger: Logger? = nil) async throws(SessionError) -> SessionHeaders {
        let logger = logger ?? self.logger
        guard self.begin(session, logger: logger) else { return self.headersAfterFailure(of: session) }
        let action = try await self.backend.commit(session, self.reporter(logger))
        if case .set(let cookie) = action, let warning = cookie.warning { self.reporter(logger).oversized(warning) }
        return self.headers(of: session, action)
    }

    private func headers(of session: Session, _ action: CookieAction) -> SessionHeaders {
        session.withState { state in
            let setCookie: String
            switch action {
            case .none: return state.headersWithoutCookie
            // No cookie came, so there is none to delete.
            case .delete where state.intent.isDestroyed && !state.request.cameWithCookie:
                return state.headersWithoutCookie
            case .delete: setCookie = self.configuration.cookie.deletion.headerValue
            case .set(let cookie): setCookie = cookie.headerValue
            }
            return SessionHeaders(
                setCookie: setCookie, variesOnCookie: true, forbidsCaching: self.configuration.forbidsCaching,
                isForUser: state.isForUser)
        }
    }

    /// Begins the commit: warns of values that were of another form than the request took them for, and from now on of
    /// changes that come too late.
    ///
    /// - Returns: False when the session is not kept, because its cookie would take the place of the one that the visitor
    ///   has.
    private func begin(_ session: Session, logger: Logger) -> Bool {
        // A log handler may look at the session, and change it: that is not too late yet.
        for error in session.withState({ $0.takeUnreadable() }) { logger.warning("\(error)") }
        let (replaces, isModified) = session.withState { state in
            state.lateChangeLogger = logger
            let replaces = state.request.mayHaveHiddenCookie || state.isSuperseded
            return (replaces && state.unavailable == nil, state.intent.isModified)
        }
        guard replaces else { return true }
        if isModified {
            logger.notice(
                """
                a new session is not kept, because its cookie would replace the visitor's own: the request came from \
                another site, or with a cookie that has been renewed since
                """)
        }
        return false
    }

    /// What a response must say when its session could not be committed: `Vary` if it was looked at, and no cookie,
    /// unless the request has ended a session that lives in its cookie: a sign-out deletes the cookie also where what
    /// was set after it cannot be stored.
    public func headersAfterFailure(of session: Session) -> SessionHeaders {
        self.headers(of: session, session.withState { $0.actionAfterFailure })
    }

    /// Where this request's events go: its own logger, or the manager's.
    func reporter(_ logger: Logger? = nil, by actor: String? = nil) -> SessionReporter {
        SessionReporter(self.eventSource, logger: logger ?? self.logger, actor: actor)
    }

    /// Starts what goes on in the background, if it has not been started.
    func start() {
        self.purger?.start()
        self.refresher?.start()
    }

    /// Where sessions are kept, under the keys of this moment.
    var backend: any SessionBackend { self.slot.backend }

    // MARK: - Purging

    /// Removes one batch of expired sessions from the store, and says how many they were; for a job of your own.
    ///
    /// The batches of ``PurgeSchedule`` are removed without being asked for.
    public func removeExpired() async throws -> Int {
        try await self.purger?.purge() ?? 0
    }

    /// Removes expired sessions until the task is cancelled. Without a store, or if that is done already, it returns.
    package func runPurge() async {
        await self.purger?.run()
    }

    // MARK: - Checks

    static func check(_ keys: SecretKeys, allowsWeak: Bool, logger: Logger) throws(SessionError) {
        for (name, key) in [("secret key", keys.current)] + keys.fallbacks.map({ ("fallback key", $0) }) {
            guard let weakness = KeyStrength.weakness(of: key) else { continue }
            let message =
                "The \(name) \(weakness): an attacker can find it, and sign in as any user. \(KeyStrength.advice)"
            // With an empty fallback every visitor could sign, and no site needs one.
            guard allowsWeak, !key.isEmpty else { throw SessionError(.weakKey, message) }
            logger.warning("\(message)")
        }
    }
}

/// The one place where a manager holds its backend, so that new keys reach every request at once.
///
/// A request takes the backend when it comes, and once more when it commits its session.
package final class BackendSlot: Sendable {
    private let content = Mutex<(backend: any SessionBackend, keys: SecretKeys?)>((UnavailableBackend(), nil))

    var backend: any SessionBackend {
        get { self.content.withLock { $0.backend } }
        set { self.content.withLock { $0.backend = newValue } }
    }

    /// The keys that the backend has.
    package var keys: SecretKeys? {
        get { self.content.withLock { $0.keys } }
        set { self.content.withLock { $0.keys = newValue } }
    }

    /// Goes on under other keys; when that cannot be, everything stays as it is.
    func rekey(_ keys: SecretKeys) throws(SessionError) {
        try self.content.withLock { (content) throws(SessionError) in
            content = (try content.backend.rekeyed(keys), keys)
        }
    }
}

extension SessionState {
    /// What a response says of a session for which it sets no cookie.
    fileprivate var headersWithoutCookie: SessionHeaders {
        SessionHeaders(
            variesOnCookie: self.isAccessed && self.unavailable?.kind != .noSecretKey, isForUser: self.isForUser)
    }
}
