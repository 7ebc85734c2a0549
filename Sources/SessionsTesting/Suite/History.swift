// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// Recorded histories, and the search for an order that explains one.
enum History {
    /// The operations placed so far and the state after them. The search visits each position once.
    private struct Position: Hashable {
        let placed: UInt64
        let state: StoreEvent.Seen?
    }

    /// Whether the operations, at most 64, could have happened one at a time, each at some moment between its beginning
    /// and its end, on a session that was absent at first.
    ///
    /// The search of Wing and Gong ("Testing and Verifying Concurrent Objects", 1993), with Lowe's cache of visited
    /// positions.
    static func isLinearizable(_ events: [StoreEvent]) -> Bool {
        var visited: Set<Position> = []
        var open = [Position(placed: 0, state: nil)]
        while let position = open.popLast() {
            let pending = events.indices.filter { position.placed & (1 << UInt64($0)) == 0 }
            guard let firstEnd = pending.map({ events[$0].ended }).min() else { return true }
            // An operation that began after another unplaced one had ended cannot be the next.
            for index in pending where events[index].began < firstEnd {
                guard let state = events[index].applied(to: position.state) else { continue }
                let next = Position(placed: position.placed | 1 << UInt64(index), state: state)
                if visited.insert(next).inserted { open.append(next) }
            }
        }
        return false
    }
}
