// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

package import CoreMetrics
public import Logging
public import Sessions
import SessionsSupport

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Limits how often visitors may try to sign in, by user and by network, for all processes that share a store.
///
/// An attacker who guesses passwords needs many attempts: at one account, or one popular password at many accounts.
///
/// ```swift
/// let limit = SignInLimit(in: store, keys: keys)
/// let isRight = try await limit.attempt(as: user, from: address) {
///     try await passwords.verify(password, of: user)
/// }
/// if isRight { session.signIn(as: user) }
/// ```
///
/// The closure runs only if the user and the network have attempts left. Otherwise ``SignInLimitReached`` is thrown,
/// which an `App` and Hummingbird answer with 429 and `Retry-After`. An attempt is counted before the closure runs, by
/// compare-and-set, so that a hundred parallel attempts get no more tries than a hundred in a row.
///
/// The counts are records in a session store, of any kind: of sessions, or of nothing else. The store holds no name and
/// no address, only codes of them under the key. `docs/USERS.md` says what an attacker can do to a user's count.
///
/// - SeeAlso: NIST SP 800-63B-4, section 3.2.2; OWASP ASVS 5.0, 6.3.1.
public struct SignInLimit: Sendable {
    private let configuration: Configuration
    private let key: @Sendable () -> SecretKey
    private let counts: AttemptTables
    private let clock: SessionClock
    private let logger: Logger
    private let meter: SignInMeter

    /// A limit whose counts are in a store.
    ///
    /// - Parameters:
    ///   - store: Where the counts are kept. A `MemoryStore` with a `maximumCount` could be made to evict them: in its
    ///     place the limit keeps as many names, networks and networks of users for itself, 100,000 at least, in the memory
    ///     of this process. Make one such limit and keep it: another in the same store counts on its own.
    ///   - keys: The current key makes the codes that stand for users and networks. All processes need the same one, and
    ///     with another key the counts begin anew. The key is taken once: this limit does not follow a reload of the
    ///     keys, and one that is made from a `SessionManager` does.
    ///   - configuration: How many attempts there are.
    ///   - clock: The clock.
    ///   - logger: Where refused attempts are logged, without users and addresses.
    public init(
        in store: any SessionStore, keys: SecretKeys, configuration: Configuration = Configuration(),
        clock: SessionClock = .system,
        logger: Logger = Logger(label: "dewar.sign-in")
    ) {
        let key = keys.current
        self.init(
            in: store, key: { key }, configuration: configuration, clock: clock, logger: logger,
            metrics: MetricsSystem.factory)
    }

    /// A limit whose counts are where the sessions are, under their key and by their clock.
    ///
    /// Sessions in cookies, and those of Flask-Session, have no store that could hold them: the counts are then in the
    /// memory of this process (some 60 MB at most), and another process has counts of its own. There are 100,000 names,
    /// as many networks, and as many networks of users. The name with the fewest failures makes room for a new one, and
    /// from then on a name without a count is taken to have failed as often: an attacker who tries many names gets no
    /// more attempts at any. With a new secret key the counts begin anew. Make one limit and keep it: another one has
    /// counts of its own there.
    public init(_ sessions: SessionManager, configuration: Configuration = Configuration()) {
        // Without a key no user can sign in, but attempts are limited all the same.
        let substitute = SecretKey(bytes: SessionRandom.system.bytes(32))
        let clock = sessions.clock
        let store = sessions.configuration.place.stored?.store
        self.init(
            store.map { AttemptTables(in: $0, clock: clock) } ?? AttemptTables(clock: clock),
            key: { sessions.slot.keys?.current ?? substitute }, configuration: configuration, clock: clock,
            logger: sessions.logger, metrics: MetricsSystem.factory)
    }

    package init(
        in store: any SessionStore, key: @escaping @Sendable () -> SecretKey, configuration: Configuration,
        clock: SessionClock,
        logger: Logger, metrics: any MetricsFactory
    ) {
        self.init(
            AttemptTables(in: store, clock: clock), key: key, configuration: configuration, clock: clock,
            logger: logger, metrics: metrics)
    }

    init(
        _ counts: AttemptTables, key: @escaping @Sendable () -> SecretKey, configuration: Configuration,
        clock: SessionClock, logger: Logger, metrics: any MetricsFactory
    ) {
        self.configuration = configuration.bounded
        self.key = key
        self.counts = counts
        self.clock = clock
        self.logger = logger
        self.meter = SignInMeter(metrics)
    }

    /// Runs the check of a password, if the user and the network have an attempt left.
    ///
    /// If the check gives true, the user's count begins anew. If it gives false, or throws, the attempt has failed.
    ///
    /// - Parameters:
    ///   - user: The name that the visitor entered, whether or not there is such a user. Names that differ only in case,
    ///     accents, width, compatibility forms (NFKC) or blanks at their ends share a count, because many a database
    ///     takes them for the same user.
    ///   - address: The visitor's address, as in `Request.remoteAddress`; nil if it is not known, and then only the user's
    ///     attempts are counted.
    ///   - logger: The request's logger; nil for the limit's own.
    ///   - check: Checks the password.
    /// - Returns: What the check gave.
    /// - Throws: ``SignInLimitReached``; `SessionError` of the kind `storeUnavailable` if the counts cannot be read and
    ///   written, and then no password is checked; what the check throws.
    public func attempt(
        as user: String, from address: String?, logger: Logger? = nil, check: () async throws -> Bool
    ) async throws -> Bool {
        let logger = logger ?? self.logger
        let attempt: Attempt
        do {
            attempt = try await self.begin(user, address)
        } catch let error as SignInLimitReached {
            self.meter.refused(error.kind)
            logger.notice(
                "a sign-in attempt was refused", metadata: ["limit": "\(error.kind)", "wait": "\(error.seconds) s"])
            throw error
        } catch let error as CancellationError {
            throw error
        } catch {
            throw self.unavailable(error, logger)
        }
        do {
            guard try await check() else {
                self.meter.failed()
                return false
            }
        } catch {
            self.meter.failed()
            throw error
        }
        self.meter.succeeded()
        // A client that hangs up must not keep the count from beginning anew.
        await Task { await self.finish(attempt, logger) }.value
        return true
    }

    /// Forgets the failed attempts of a user: after the user has proved in another way who they are, such as by a link in
    /// an e-mail.
    ///
    /// A network from which the user has signed in before has a count of its own, which is forgotten with `address` alone:
    /// give the address from which the user proves it. From then on it is such a network.
    ///
    /// - Parameters:
    ///   - user: The name, as in ``attempt(as:from:logger:check:)``.
    ///   - address: The visitor's address, as in `Request.remoteAddress`; nil if it is not known.
    /// - Throws: `SessionError` of the kind `storeUnavailable`.
    public func reset(_ user: String, from address: String?) async throws {
        let names = self.names
        do {
            try await self.counts.users.remove(names.user(user))
            guard self.configuration.remembersNetworks, let network = address.map(NetworkPrefix.init) else { return }
            // The user has proved who they are from there, as with a password.
            let familiar = names.user(user, from: network)
            try await self.counts.familiar.change(familiar, keep: self.configuration.memory) { _, _ in AttemptCount() }
        } catch {
            throw self.unavailable(error, self.logger)
        }
    }

    // MARK: - Counting

    /// An attempt that has been counted, as one that will fail.
    private struct Attempt: Sendable {
        let user: SessionID
        let network: SessionID?
        /// The count of the user from this network; nil where such counts are not kept.
        let familiar: SessionID?
        /// Whether the user has signed in from this network before, so that this count was used and not the user's.
        let isFamiliar: Bool
        /// When the network has this attempt back, in milliseconds since 1970.
        var backAt = 0
    }

    private func begin(_ user: String, _ address: String?) async throws -> Attempt {
        let names = self.names
        let network = address.map(NetworkPrefix.init)
        let familiar = self.configuration.remembersNetworks ? network.map { names.user(user, from: $0) } : nil
        let isFamiliar = if let familiar { try await self.counts.familiar.exists(familiar) } else { false }
        var attempt = Attempt(
            user: names.user(user), network: network.map(names.network), familiar: familiar, isFamiliar: isFamiliar)
        let counts = isFamiliar ? self.counts.familiar : self.counts.users
        let counted = isFamiliar ? familiar ?? attempt.user : attempt.user
        // A user who must wait is refused before anything is written: an attack costs reads alone, and does not use up
        // the attempts of a network that others share.
        _ = try self.configuration.counted(try await counts.read(counted), at: self.now)
        if let network = attempt.network {
            try await self.counts.networks.change(network, keep: self.configuration.networkWindow) { count, now in
                let charged = try self.configuration.charged(count, at: now)
                attempt.backAt = charged.time
                return charged
            }
        }
        try await counts.change(counted, keep: self.configuration.memory) {
            try self.configuration.counted($0, at: $1)
        }
        return attempt
    }

    /// The password was right. A count that cannot be written stays as it is, which locks out no user who is in.
    private func finish(_ attempt: Attempt, _ logger: Logger) async {
        do {
            if let familiar = attempt.familiar {
                try await self.counts.familiar.change(familiar, keep: self.configuration.memory) { _, _ in
                    AttemptCount()
                }
            }
            if !attempt.isFamiliar { try await self.counts.users.remove(attempt.user) }
            if let network = attempt.network {
                try await self.counts.networks.change(network, keep: self.configuration.networkWindow) { count, now in
                    self.configuration.givenBack(count, backAt: attempt.backAt, at: now)
                }
            }
        } catch {
            logger.warning("the count of sign-in attempts did not begin anew", metadata: ["error": "\(error)"])
        }
    }

    private var names: CountNames { CountNames(key: self.key()) }
    private var now: Int { self.clock.now().milliseconds }

    private func unavailable(_ error: any Error, _ logger: Logger) -> SessionError {
        self.meter.storeFailed()
        logger.error("the counts of sign-in attempts cannot be reached", metadata: ["error": "\(error)"])
        return SessionError(.storeUnavailable, "The counts of sign-in attempts cannot be reached.")
    }
}
