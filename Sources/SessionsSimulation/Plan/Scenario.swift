// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions
import SessionsSimulationKit

/// A site and what happens to it: everything that a seed decides before anything runs.
struct Scenario: Sendable, Codable {
    /// Where the site keeps its sessions.
    enum Kind: String, Sendable, CaseIterable, Codable {
        /// In a store.
        case stored
        /// In cookies: sealed ones with a list of revocations that the processes share, or ones without an id.
        case sealed
        /// On the way from cookies into a store.
        case moving
        /// On the way from one store to another.
        case migrating
    }

    /// Decides what the plan does not: the order of jobs, random bytes, and what goes wrong with stores.
    var seed: UInt64
    let kind: Kind
    var format = Format.sealed
    /// The format that cookies change to, a process at a time; nil where they keep theirs.
    var newFormat: Format?
    /// Whether the sealed cookies that others change to have a list of revocations; nil in plans that were saved before
    /// there were such.
    var newList: Bool?
    var skews: [Int] = []
    var idle = Duration.seconds(60)
    var absolute: Duration?
    /// The timeouts of every second visitor's sessions: "A session may have timeouts of its own." (STORES)
    var own: Lifetime?
    var renewalInterval: Duration?
    var grace = Duration.seconds(30)
    var touchInterval: Duration?
    var limit: Limit?
    var encrypts = false
    var isAnonymousInOutage = false
    var staleness = Duration.seconds(5)
    var refresh = Refresh.afterTenthOfIdleTime
    var isPermanent = false
    var faults = Faults.none
    var visitors = 2
    var acts: [Act] = []

    struct Lifetime: Sendable, Codable {
        var idle: Duration
        var absolute: Duration?
    }

    /// What cookies look like that hold their session.
    enum Format: String, Sendable, Codable {
        case sealed, signed, flask

        var sessionFormat: SessionFormat {
            switch self {
            case .sealed: .sealed
            case .signed: .signed
            case .flask: .flask
            }
        }
    }

    /// How many sessions a user may have.
    enum Limit: Sendable, Codable {
        case endingOldest(Int), refusingNewest(Int)

        var sessionLimit: SessionLimit {
            switch self {
            case .endingOldest(let most): .endingOldest(most)
            case .refusingNewest(let most): .refusingNewest(most)
            }
        }
    }

    /// When a cookie is sent again that says nothing new.
    enum Refresh: String, Sendable, Codable {
        case afterTenthOfIdleTime, permanentOnEachRequest, never

        var sessionRefresh: SessionRefresh {
            switch self {
            case .afterTenthOfIdleTime: .afterTenthOfIdleTime
            case .permanentOnEachRequest: .permanentOnEachRequest
            case .never: .never
            }
        }
    }

    static let processes = 3
    /// What a clock that is right shows at the beginning, in milliseconds since 1970.
    static let epoch = 1_800_000_000_000

    /// How far clocks are ahead, in milliseconds, also those that are set while their processes run.
    var clocks: ClosedRange<Int> { (self.skews.min() ?? 0)...(self.skews.max() ?? 0) }

    /// The greatest difference of two clocks, in milliseconds.
    var skew: Int { self.clocks.upperBound - self.clocks.lowerBound }

    /// Whether sessions are on their way to another place.
    var isOnTheWay: Bool { [.moving, .migrating].contains(self.kind) }

    var hasNewList: Bool { self.newList == true }

    /// Whether a site whose cookies have no id comes to have a list of revocations.
    var comesToList: Bool { self.kind == .moving || self.hasNewList }

    /// "Cookies of `.flask` and `.signed` have no id: a single one cannot be revoked." (MIGRATING)
    var canRevoke: Bool { self.format == .sealed }

    func own(ofVisitor visitor: Int) -> Lifetime? { visitor.isMultiple(of: 2) ? nil : self.own }

    /// The longest idle timeout that a session has.
    var longestIdle: Duration { max(self.idle, self.own?.idle ?? .zero) }

    /// How many sessions a user may have; nil for any number.
    var mostSessions: Int? {
        switch self.limit {
        case .endingOldest(let most)?, .refusingNewest(let most)?: most
        case nil: nil
        }
    }

    init(seed: UInt64) {
        var lots = Lots(seed: seed &* 0xD134_2543_DE82_EF95 &+ 1)
        self.seed = seed
        self.kind = lots.pick(weighted: [(.stored, 40), (.sealed, 20), (.moving, 16), (.migrating, 24)])
        self.idle = .seconds(lots.pick([20, 60, 600, 3600]))
        self.absolute = lots.happens(500) ? self.idle * lots.number(in: 1...4) : nil
        self.renewalInterval = lots.happens(500) ? .seconds(lots.pick([1, 5, 15, 120])) : nil
        self.grace = .seconds(lots.pick([2, 10, 30]))
        // Clocks that are further apart than the grace period end sessions of visitors with two tabs.
        let skew = lots.pick([0, 0, 3, 400, Int(self.grace.components.seconds) * 250])
        self.skews = (0..<Self.processes).map { _ in lots.number(in: 0...skew) }
        self.touchInterval = lots.happens(200) ? .seconds(1) : nil
        self.limit = lots.pick(weighted: [(nil, 60), (.endingOldest(2), 25), (.refusingNewest(2), 15)])
        self.encrypts = lots.happens(250)
        self.isAnonymousInOutage = lots.happens(300)
        // Much shorter than the rest of the times, rounds in the background would be most of what is simulated.
        self.staleness = .seconds(max(Int(self.idle.components.seconds) / lots.pick([12, 6, 2]), 1))
        self.refresh = lots.pick([.afterTenthOfIdleTime, .afterTenthOfIdleTime, .permanentOnEachRequest, .never])
        self.isPermanent = lots.happens(300)
        self.faults = Faults(&lots)
        if self.isOnTheWay { self.faults.lag = 0 }
        if [.stored, .migrating].contains(self.kind), lots.happens(250) {
            let idle = lots.pick([self.idle / 2, self.idle * 2])
            self.own = Lifetime(idle: idle, absolute: lots.happens(500) ? idle * lots.number(in: 1...4) : nil)
        }
        if self.kind == .sealed { self.format = lots.pick([.sealed, .sealed, .sealed, .signed, .flask]) }
        self.visitors = lots.number(in: 2...4)
        self.acts = Self.acts(for: self, &lots)
        // Drawn apart, so that the rest of the plan is the same without it.
        var moveLots = Lots(seed: seed &* 0xC2B2_AE3D_27D4_EB4F &+ 7)
        if self.kind == .moving, moveLots.happens(500) {
            self.format = moveLots.pick([.flask, .signed])
            if moveLots.happens(300) { self.acts = Self.endingAfterTheMove(self.acts, in: self, &moveLots) }
        }
        var formatLots = Lots(seed: seed &* 0xD6E8_FEB8_6659_FD93 &+ 9)
        self.changeFormat(&formatLots)
        var clockLots = Lots(seed: seed &* 0xA24B_AED4_963E_E407 &+ 3)
        self.acts = Self.settingClocks(self.acts, in: self, &clockLots)
        var failoverLots = Lots(seed: seed &* 0x9FB2_1C65_1E98_DF25 &+ 5)
        self.acts = Self.failingOver(self.acts, in: self, &failoverLots)
    }
}

/// How many times in a thousand something goes wrong.
struct Faults: Sendable, Codable {
    /// A message between browser and server is lost, late or doubled.
    var network = 0
    /// The store throws, and has done nothing or everything.
    var store = 0
    /// The store answers late, by seconds.
    var lateness = 0
    /// Reads and lists come from a replica, which lags behind by up to so many milliseconds.
    var lag = 0
    /// The client hangs up.
    var hangUps = 0
    /// How many processes die in a run, at most.
    var crashes = 0

    static let none = Faults()

    private init() {}

    init(_ lots: inout Lots) {
        // A calm site shows most clearly what is wrong; a storm shows most of what can be.
        guard lots.happens(600) else { return }
        if lots.happens(500) { self.network = lots.pick([10, 50, 150]) }
        if lots.happens(500) { self.store = lots.pick([5, 30, 120]) }
        if lots.happens(400) { self.lateness = lots.pick([5, 40]) }
        if lots.happens(200) { self.lag = lots.pick([5, 200, 1500]) }
        if lots.happens(300) { self.hangUps = lots.pick([20, 100]) }
        if lots.happens(400) { self.crashes = lots.number(in: 1...4) }
    }
}
