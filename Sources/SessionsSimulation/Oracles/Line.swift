// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import SessionsSimulationKit

/// A session from its first entry to its end, as far as the requests and their answers tell.
@Simulated
final class Line {
    /// What requests have added to a counter.
    struct Counter {
        /// When each request that was answered had been answered.
        var answered: [Int] = []
        /// How many requests may have added one.
        var possible = 0
    }

    /// Whose browser it began in.
    let owner: Int
    var counters: [String: Counter] = [:]
    /// Entries that were set, with the time of the answer.
    var entries: [(key: String, at: Int)] = []
    var entryCount = 0
    /// The requests that bring one of its cookies and have not been answered.
    var underWay: [Attempt] = []
    /// Every request that has found it or begun it.
    var attempts: [Attempt] = []
    /// The session whose record it may go on in, after its user was taken out.
    weak var origin: Line?
    var heirs: [Line] = []
    var requestCount = 0
    /// The secret in the cookie of the last answer that had another than before.
    var latest: Secret?
    /// Whether a browser has been given a cookie that leads into a store in the place of one that held it.
    var hasMoved = false
    /// Whether a request may have given it a secret that no browser has.
    var isUncertain = false
    /// When a sign-in over the limit was last taken back: until then it was there, with another secret.
    var takenBackAt = -1
    /// The ids of its records in a store.
    var records: Set<String> = []
    /// When a failover has lost writes of it.
    var lostAt: Int?
    /// Whether it had begun in the moments that were lost.
    var isLost = false
    /// Whether a failover may have left a record of it in each of two stores.
    var mayBeTwice = false
    /// Requests that may have read it before a failover and write it afterwards.
    var late: [Attempt] = []
    /// Whether a write is on its way of which no answer tells.
    var mayBeWritten = false
    /// When it was last used: by the clocks of the processes, no earlier and no later.
    var used: ClosedRange<Int>
    /// When its absolute timeout began, no earlier and no later.
    var began: ClosedRange<Int>

    init(owner: Int, at clock: Int) {
        self.owner = owner
        self.used = clock...clock
        self.began = clock...clock
    }

    /// By which clock a request has written it that was answered before a moment: no earlier than this.
    func writtenAt(before time: Int) -> Int {
        self.attempts.filter { $0.settledAt < time && $0.hasChanges }.map(\.commitClock).max() ?? .min
    }

    /// Whether no other request than this is under way.
    func isAlone(_ attempt: Attempt?) -> Bool { self.underWay.allSatisfy { $0 === attempt } }

    /// The greatest value that a counter can have. Where a user was taken out, a request may have counted just before.
    func most(_ key: String) -> Int { (self.counters[key]?.possible ?? 0) + (self.origin?.most(key) ?? 0) }

    var isQuiet: Bool { self.underWay.isEmpty }

    /// Whether another request is under way that may end it, or change its secret.
    func isInDanger(besides attempt: Attempt?) -> Bool {
        self.underWay.contains { $0 !== attempt && $0.isDangerous }
            || self.origin?.isInDanger(besides: attempt) ?? false
    }
}

/// A session between two changes of its secret that were asked for. Each has a number of its own in the session, its
/// tag, so that a request tells which one it has found.
@Simulated
final class Generation {
    enum Cause: Equatable {
        case signedOut, renewed, revoked, replayed
    }

    /// How it has ended, as a request that was answered says.
    struct End {
        let at: Int
        let cause: Cause
        /// The process that knows it at once, and which of its lives.
        let process: Int
        let incarnation: Int
        /// Whether a failover has lost what would tell other processes.
        var isLost = false
        /// What the request proved that has ended it; weak, because the secret knows its end.
        weak var secret: Secret?
        /// Whether it is on the list of revocations of a site whose cookies have changed to sealed ones.
        var isOnNewList = false
    }

    let number: Int
    let line: Line
    let user: String?
    var children: [Generation] = []
    /// Whether the request that began it has been answered.
    var isAnswered = false
    /// When that was, in microseconds.
    var answeredAt = 0
    /// Whether it began with a proof of who the user is, as a new session, or as the one that has ended all others: a
    /// call that ends all sessions of the user does not reach it if it came before.
    let isProof: Bool
    /// The clock at the last proof of who the user is; no later.
    var provedAt: Int
    /// The session's id, once a request has seen it.
    var id: String?
    /// Whether a request or an administrator may have ended it.
    var mayHaveEnded = false
    var end: End?
    /// Whether a failover has undone its end.
    var isBack = false
    /// Whether a failover has lost what would tell other processes of which session it has come.
    var isOriginLost = false
    /// The clock at which it went on with another secret, no earlier and no later.
    var renewed: ClosedRange<Int>?

    /// When the absolute timeout began that its cookie says, no earlier and no later.
    var began: ClosedRange<Int>

    init(
        _ number: Int, of line: Line, user: String?, isProof: Bool, provedAt: Int, began: ClosedRange<Int>
    ) {
        self.began = began
        self.number = number
        self.line = line
        self.user = user
        self.isProof = isProof
        self.provedAt = provedAt
    }

    /// Whether no answer says that it has ended, though it may go on under another secret.
    var hasNotEnded: Bool { self.end.map { $0.cause == .renewed } ?? true }

    /// Whether it has ended is not known any more, nor of what came of it.
    func doubt() {
        self.mayHaveEnded = true
        for child in self.children { child.doubt() }
    }

    /// It has ended, and with it what came of it.
    func end(_ end: End) {
        self.mayHaveEnded = true
        if self.end == nil || self.end?.cause == .renewed, end.cause != .renewed || self.end == nil { self.end = end }
        guard end.cause != .renewed else { return }
        for child in self.children where !(end.cause == .revoked && child.isProof) {
            child.end(
                .init(
                    at: max(end.at, child.answeredAt), cause: end.cause, process: -1, incarnation: 0,
                    isLost: end.isLost || child.isOriginLost))
        }
    }
}

/// What is in front of a ticket's signature.
@Simulated
final class Secret {
    let text: String
    /// The secret whose place this one took.
    weak var previous: Secret?
    /// By which clock another secret took its place, no earlier and no later; nil as long as none has.
    var superseded: ClosedRange<Int>?
    /// The answer to the request that proved it, and ended its session or gave that another secret.
    var ended: Generation.End?

    init(_ text: String) {
        self.text = text
    }
}

/// A cookie as an answer has set it.
@Simulated
final class Issue {
    let generation: Generation
    /// Whether it leads into a store, rather than hold its session.
    let isTicket: Bool
    let isSealed: Bool
    let key: Int
    /// When the commit began that signed it, and when the answer was ready, in microseconds.
    let signedAt: Int
    let at: Int
    /// The clock at which its session was last used, no earlier and no later: what a sealed cookie says.
    let used: ClosedRange<Int>
    /// What it proves. A cookie that is signed by another key has the same secret.
    let secret: Secret
    /// What its session holds at least; all that it holds, if the cookie holds it. Nil where that is not known.
    var contents: Sight.Updates?
    /// The cookie in whose place it was set.
    var origin: Issue?
    /// The clock at which the record began to which it leads, no later.
    var recordBegan: Int?

    init(
        _ generation: Generation, _ secret: Secret, isTicket: Bool, isSealed: Bool, key: Int, signedAt: Int,
        at: Int, used: ClosedRange<Int>
    ) {
        self.generation = generation
        self.isTicket = isTicket
        self.isSealed = isSealed
        self.secret = secret
        self.key = key
        self.signedAt = signedAt
        self.at = at
        self.used = used
    }
}
