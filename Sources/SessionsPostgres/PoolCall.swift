// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// The results of a call's tries so far.
struct CallHistory: Sendable {
    /// How an earlier try lost its connection; the try may have been done. Nil when none did.
    var loss: ConnectionFailure?
    /// How often a prepared statement was gone.
    var staleStatements = 0
    /// When the call's time is up; set when it begins.
    var end: ContinuousClock.Instant?
}

/// A call that waits for a connection, or has one.
struct PoolCall: Sendable {
    enum Outcome {
        /// The caller has been told.
        case answered
        /// The call must be tried again, on another connection.
        case again
    }

    /// How long it waits for a connection.
    var deadline: ContinuousClock.Instant
    var history = CallHistory()
    let perform: @Sendable (Connection, inout CallHistory) -> Outcome
    private let fail: @Sendable (any Error) -> Void

    init(
        deadline: ContinuousClock.Instant,
        perform: @escaping @Sendable (Connection, inout CallHistory) -> Outcome,
        fail: @escaping @Sendable (any Error) -> Void
    ) {
        self.deadline = deadline
        self.perform = perform
        self.fail = fail
    }

    /// The same call, to wait for another connection, with the results of its tries.
    func again(_ history: CallHistory) -> PoolCall {
        var call = self
        call.history = history
        call.deadline = history.end ?? self.deadline
        return call
    }

    /// Fails the call because there is no connection. If the call had a connection and lost it, the error says that
    /// instead.
    func refuse(_ error: any Error) {
        if let loss = self.history.loss { self.fail(loss) } else { self.fail(error) }
    }
}
