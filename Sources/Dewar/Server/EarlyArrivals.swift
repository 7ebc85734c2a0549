// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import NIOCore
import NIOHTTP1

/// What was decoded together with the request that is being answered, in its order, until the answer has been written.
///
/// A client may send its next requests without waiting for answers, which must then come in the same order (RFC 9112,
/// section 9.3.2). Short requests that came together are decoded together; ``HeldBytes`` has what came later.
struct EarlyArrivals {
    enum Event {
        case part(HTTPServerRequestPart)
        case malformed(HTTPParserError)
        /// The client sends no more.
        case inputClosed
    }

    private var events = CircularBuffer<Event>(initialCapacity: 0)
    /// Whether the application wants to read on, which has to wait as well: a client must not fill the memory with
    /// requests.
    var isReadWanted = false

    var isEmpty: Bool { self.events.isEmpty }

    mutating func append(_ event: Event) {
        self.events.append(event)
    }

    mutating func next() -> Event? {
        self.events.popFirst()
    }

    /// Whether the client sends no more than the request that is being answered. If so, that is known from now on.
    mutating func nextIsInputClosed() -> Bool {
        guard case .inputClosed? = self.events.first else { return false }
        self.events.removeFirst()
        return true
    }

    mutating func removeAll() {
        self.events.removeAll(keepingCapacity: true)
    }
}
