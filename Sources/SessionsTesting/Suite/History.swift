// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// An operation on one thing, with its beginning and its end.
package protocol HistoryEvent {
    /// What the operations see and change.
    associatedtype State: Hashable

    /// The state before all operations.
    static var initial: State { get }

    var began: Int { get }
    var ended: Int { get }
    /// Whether the operation may also never have happened: its answer did not come.
    var isOptional: Bool { get }

    /// The states that the operation may leave; none when its answer is impossible with `state` before it.
    func states(after state: State) -> [State]
}

/// Recorded histories, and the search for an order that explains one.
package enum History {
    /// The operations placed so far and the state after them. The search visits each position once.
    private struct Position<State: Hashable>: Hashable {
        let placed: UInt64
        let state: State
    }

    /// Whether the operations, at most 64, could have happened one at a time, each at some moment between its beginning
    /// and its end.
    ///
    /// The search of Wing and Gong ("Testing and Verifying Concurrent Objects", 1993), with Lowe's cache of visited
    /// positions.
    package static func isLinearizable<Event: HistoryEvent>(_ events: [Event]) -> Bool {
        var visited: Set<Position<Event.State>> = []
        var open = [Position(placed: 0, state: Event.initial)]
        while let position = open.popLast() {
            let pending = events.indices.filter { position.placed & (1 << UInt64($0)) == 0 }
            guard pending.contains(where: { !events[$0].isOptional }) else { return true }
            let firstEnd = pending.map { events[$0].ended }.min() ?? 0
            // An operation that began after another unplaced one had ended cannot be the next.
            for index in pending where events[index].began < firstEnd {
                for state in events[index].states(after: position.state) {
                    let next = Position(placed: position.placed | 1 << UInt64(index), state: state)
                    if visited.insert(next).inserted { open.append(next) }
                }
            }
        }
        return false
    }
}
