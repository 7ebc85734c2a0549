// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions
import Synchronization

/// What happens sometimes. A simulation in which one of these never happens does not test what it is for.
enum Sometimes: String, CaseIterable, Sendable {
    case conflict = "two requests change a session at once, and both changes are kept"
    case droppedWrite = "a change is dropped"
    case created = "a session begins"
    case renewed = "a session gets another secret"
    case signedIn = "a user signs in"
    case signedOut = "a user signs out"
    case reauthenticated = "a user proves again who they are"
    case expired = "a cookie comes after its session has expired"
    case rejected = "a cookie is rejected"
    case replayed = "a cookie from before a renewal is reported as a replay"
    case replayEndsSession = "a replay ends a session that was live"
    case graceUsed = "the secret before a renewal opens its session"
    case revoked = "a session is revoked"
    case sweep = "all sessions of a user are ended"
    case listed = "a user's sessions are listed"
    case limitReached = "a sign-in over the limit is refused"
    case limitEndsOldest = "a sign-in over the limit ends another session"
    case endedToTheMillisecond = "a request comes in the millisecond at which its session ends"
    case endedCookieRejected = "a cookie comes whose session has been ended, and opens nothing"
    case notKept = "a new session is not kept, because the visitor has another"
    case notBegun = "a session that a request began is not there"
    case thiefAdmitted = "a thief's copy opens the session"
    case thiefRejected = "a thief's copy opens nothing"
    case lostRequest = "a request is lost"
    case lostAnswer = "an answer is lost"
    case doubledRequest = "a request comes twice"
    case retry = "a browser sends a request again"
    case hangUp = "a client hangs up"
    case outage = "the store cannot be reached"
    case ambiguousWrite = "a write is done and its answer lost"
    case lateWrite = "a write is done long after its answer was lost"
    case lateAnswer = "the store answers a second late or more"
    case full = "the store is full"
    case laggingRead = "a replica answers that lags behind"
    case purged = "expired sessions are purged"
    case crashInRequest = "a process dies while it serves requests"
    case restart = "a process dies while it serves none"
    case failover = "a store fails over, and loses writes that it had acknowledged"
    case failoverOnTheWay = "a store fails over, and loses writes, while sessions are on their way to another place"
    case lostCopy = "a failover loses a copy of a session that lives in the other store"
    case lostUpdate = "an update that was answered is lost at a failover"
    case lostSession = "a session that has begun is lost at a failover"
    case lostEnd = "a session that had ended is there again after a failover"
    case metFailover = "a request that came before a failover is answered afterwards"
    case clockAhead = "a process's clock is set ahead while it runs"
    case clockBack = "a process's clock is put back while it runs"
    case clockAstray = "a process's clock is wrong by years for a while"
    case endedByClock = "a session has ended because a clock was set ahead"
    case keptByClock = "a session is still there because a clock was put back"
    case keyChanged = "the key that signs is changed"
    case keyRetired = "a key is retired"
    case cookieMoved = "a .flask or .signed cookie moves into the store"
    case oldCookieAgain = "a .flask or .signed cookie comes again after its session has moved"
    case oldCookieRevoked = "a .flask or .signed cookie is refused, because all sessions of its user have ended"
    case formatChanged = "a cookie of an old format is sent again in the new one"
    case newListAsked = "a sealed cookie comes again that has ended, where others change to sealed ones with a list"
    case newFormatRead = "a process that writes the old format reads the new one"
    case stepTaken = "the site goes on to the next stage of a move"
    case stepBack = "the site goes back to an earlier stage of a move"
}

/// How often what happened, in all runs.
final class Tally: Sendable {
    private struct State {
        var requests = 0
        var sometimes: [Sometimes: Int] = [:]
        var checks: [Promise: Int] = [:]
    }

    private let state = Mutex(State())

    var requests: Int { self.state.withLock { $0.requests } }

    func count(of event: Sometimes) -> Int { self.state.withLock { $0.sometimes[event] ?? 0 } }

    func count(of promise: Promise) -> Int { self.state.withLock { $0.checks[promise] ?? 0 } }

    func requestCame() { self.state.withLock { $0.requests += 1 } }

    func saw(_ event: Sometimes) { self.state.withLock { $0.sometimes[event, default: 0] += 1 } }

    func checked(_ promise: Promise) { self.state.withLock { $0.checks[promise, default: 0] += 1 } }

    /// An event that the library has reported.
    func heard(_ kind: SessionEvent.Kind) {
        switch kind {
        case .conflict: self.saw(.conflict)
        case .created: self.saw(.created)
        case .renewed: self.saw(.renewed)
        case .signedIn: self.saw(.signedIn)
        case .signedOut: self.saw(.signedOut)
        case .reauthenticated: self.saw(.reauthenticated)
        case .expired: self.saw(.expired)
        case .replayed: self.saw(.replayed)
        case .revoked: self.saw(.revoked)
        case .droppedWrite, .ended: break
        default: self.saw(.rejected)
        }
    }

    /// What has never happened.
    var missing: [Sometimes] { Sometimes.allCases.filter { self.count(of: $0) == 0 } }

    /// Oracles that have never been asked.
    var unasked: [Promise] { Promise.allCases.filter { self.count(of: $0) == 0 } }
}
