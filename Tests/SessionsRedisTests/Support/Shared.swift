// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Synchronization

/// A value that several tasks of a test have.
final class Shared<Value: Sendable>: Sendable {
    private let held: Mutex<Value>

    init(_ value: Value) {
        self.held = Mutex(value)
    }

    var value: Value {
        get { self.held.withLock { $0 } }
        set { self.held.withLock { $0 = newValue } }
    }

    func change(_ body: (inout Value) -> Void) {
        self.held.withLock { body(&$0) }
    }
}
