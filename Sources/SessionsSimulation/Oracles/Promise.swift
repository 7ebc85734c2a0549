// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// A sentence of the documentation, and the oracle that holds the product to it.
enum Promise: String, CaseIterable, Sendable {
    case noUpdateLost = "No update is lost. Concurrent requests of one visitor are merged. (README)"
    case countersExact = "A thousand parallel increments add a thousand. (README)"
    case droppedForAReason = "What is dropped was written to a session that has ended or has another secret. (STORES)"
    case lateWritesDropped = "What a request in flight writes with the secret from before a sign-in is dropped. (USERS)"
    case renewalSendsCookie = "A renewal gives the visitor a new cookie. (USERS)"
    case signOutWins = "Signing out wins. A session that has ended stays ended. (README)"
    case renewalEndsCopies =
        "A cookie that was planted or copied earlier opens nothing after a sign-in or renew(). (USERS)"
    case replayEnds = "An old secret that comes later than renewalGrace after the renewal ends the session. (STORES)"
    case graceKeeps =
        "The previous secret stays valid for the grace period, and ends nothing within it. (STORES, EVENTS)"
    case graceIsOver = "After the grace period the previous secret opens nothing. (STORES)"
    case revokedEverywhere = "When revokeAll returns, every session that was signed in when it began has ended. (USERS)"
    case withinStaleness = "A revocation acts in every other process no later than staleness. (REVOCATION)"
    case ownSessionOnly = "No visitor gets the session of another. (STORES)"
    case ownUserOnly = "A session shows the user who signed in to it, and no other. (USERS)"
    case forgedOpensNothing = "A cookie that is altered gives a new, empty session. (README)"
    case neverLonger = "The server enforces both timeouts, to the millisecond. (STORES)"
    case neverShorter = "A session lasts as long as its timeouts say. (STORES)"
    case visitorStaysSignedIn = "Renewal, other keys, a move or a migration sign no visitor out. (KEYS, MIGRATING)"
    case contentsMove = "A cookie opens a session with its contents, and the response moves it. (MIGRATING)"
    case formatChanges = "Every response to a request with a cookie of the old format sends a new one. (SHARING)"
    case oldCookieStaysValid =
        "A cookie without an id opens its session until it expires, or all sessions of its user end. (MIGRATING)"
    case limitHolds = "When all requests have been answered, no more sessions than the limit are left. (USERS)"
    case devicesListed = "A user's sessions can be listed: the live ones, and no others. (USERS)"
    case outageIsError = "A store that cannot be reached is an error, and nothing else is. (README)"
    case startsUp = "A process starts with these settings, and takes other keys while it runs. (KEYS)"
}

/// A promise that was not kept.
struct Finding: Sendable {
    let promise: Promise
    let text: String
    /// Microseconds since the beginning.
    let at: Int
}
