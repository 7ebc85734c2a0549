// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// What the tries of a call so far have come to.
struct CallHistory: Sendable {
    /// How an earlier try lost its connection, so that it is not known what became of it.
    var loss: ConnectionFailure?
    /// How often a prepared statement was gone.
    var staleStatements = 0
    /// Until when the call may take; set when it begins.
    var end: ContinuousClock.Instant?
}

/// A call that waits for a connection, or has one.
struct PoolCall: Sendable {
    enum Outcome {
        /// The caller has been told.
        case answered
        /// It is to be tried again, on another connection.
        case again
    }

    /// Until when it waits for a connection.
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

    /// The call as it waits for another connection, with what its tries have come to.
    func again(_ history: CallHistory) -> PoolCall {
        var call = self
        call.history = history
        call.deadline = history.end ?? self.deadline
        return call
    }

    /// Tells the caller that there is no connection. A caller that had one and lost it is told so instead.
    func refuse(_ error: any Error) {
        if let loss = self.history.loss { self.fail(loss) } else { self.fail(error) }
    }
}
