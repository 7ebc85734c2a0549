// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import SessionsSimulationKit

/// Whether a request comes in the last millisecond of its session, or in the first after it.
enum Edge: Sendable {
    case before, at
}

/// What the oracles know of a process.
@Simulated
protocol ObservedProcess: AnyObject {
    var number: Int { get }
    /// How often it has been started.
    var incarnation: Int { get }
    /// What its wall clock shows, in milliseconds since 1970.
    var clock: Int { get }
    /// How far its clock was set ahead when it was last set, in milliseconds; negative for back, 0 if it never was.
    var clockChange: Int { get }
    var keys: KeyRing { get }
    /// Whether it moves the sessions that come in cookies into a store.
    var movesSessions: Bool { get }
    /// Whether it knows both stores of a site on the way from one to the other.
    var knowsBothStores: Bool { get }
    /// Whether it writes cookies in the format that they change to.
    var writesNewFormat: Bool { get }
}

/// One request as one process gets it: what it brought, what it found, and what it did.
@Simulated
final class Attempt {
    private(set) var number = 0
    let deed: Deed
    let visitor: Int
    let user: String
    let cookie: String?
    var isThief = false
    var isForged = false
    /// Whether it brings an old cookie so late that its session may end.
    var mayBeReplay = false
    var edge: Edge?

    private(set) var process: (any ObservedProcess)?
    private(set) var incarnation = 0
    /// What is known of the cookie that it brought.
    var presented: Issue?
    /// The session that it found.
    var seen: Generation?
    /// What it found in that, where sessions are or were in cookies.
    var found: Sight.Updates?
    /// The session that it has begun, or under which the one that it found goes on.
    var next: Generation?
    var counted: [String] = []
    var entered: [String] = []
    var expiresAt: Int?
    /// Whether the session that it has found may have ended by another's doing when it was answered.
    var wasDoubtful = false
    /// When its session ended, at the earliest, unless it was used, when the request came.
    var earliestEnd = Int.max
    /// Whether the library has said that its changes were dropped.
    var hasDropped = false
    /// When the browser sent it, and when it had the answer; nil as long as it has none.
    var sentAt: Int?
    var heardAt: Int?
    /// The cookie that its answer set.
    var answer: Issue?
    /// When it was answered and nothing had gone wrong; until then any part of it may still be written.
    var settledAt = Int.max
    /// When it was answered, or was known never to be.
    var leftAt: Int?
    /// Times in microseconds, and the process's clock in milliseconds.
    var beganAt = 0
    var arrival = 0
    var commitsAt: Int?
    var commitClock = 0
    /// Whether the store has lost writes of its session since it came: what it has read or written may be gone.
    var metFailover = false
    /// The key that signed when the commit began.
    var keyAtCommit = 0
    /// The newest key that the process knew when the request came.
    private(set) var newestKey = 0

    init(_ deed: Deed, by visitor: Int, user: String, cookie: String?) {
        self.deed = deed
        self.visitor = visitor
        self.user = user
        self.cookie = cookie
    }

    /// The same request, as a proxy sends it once more.
    func again() -> Attempt {
        let twin = Attempt(self.deed, by: self.visitor, user: self.user, cookie: self.cookie)
        twin.isThief = self.isThief
        twin.isForged = self.isForged
        twin.sentAt = self.sentAt
        return twin
    }

    func begin(_ number: Int, in process: any ObservedProcess, at now: Int) {
        self.number = number
        self.process = process
        self.incarnation = process.incarnation
        self.beganAt = now
        self.arrival = process.clock
        self.newestKey = process.keys.newest
    }

    /// Whether it ends the session that it has found, once it is answered.
    var endsSession: Bool { self.deed.ends && (self.deed != .removeUser || self.seen?.user != nil) }

    /// Whether it may end the session or change its secret, as long as it is not known that it has not.
    var isDangerous: Bool { self.deed.ends || self.deed.renews || self.mayBeReplay }

    /// Whether it leaves something in the session that is written in any case.
    var hasChanges: Bool { self.next != nil || !self.counted.isEmpty || !self.entered.isEmpty }

    /// Until when a part of it may be written: the store may get it four seconds after the answer (``StoreLink``).
    var mayWriteUntil: Int { self.settledAt < .max ? self.settledAt : self.leftAt.map { $0 + 4_000_000 } ?? .max }

    /// Whether it extends the session's time.
    var isUse: Bool { self.deed != .peek }
}
