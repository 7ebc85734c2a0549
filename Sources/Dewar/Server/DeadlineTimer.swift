// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

package import NIOCore

/// A timer for a deadline that moves, on an event loop.
///
/// One that fires before the deadline is left as it is, and set again when it fires, so that not every request needs a new
/// timer: what it calls looks whether the deadline is there.
package struct DeadlineTimer {
    private var timer: (at: NIODeadline, task: Scheduled<Void>)?

    package init() {}

    /// - Parameters:
    ///   - deadline: The deadline; nil changes nothing.
    ///   - eventLoop: The event loop on which this is called.
    ///   - fire: Calls ``fired()``, and looks at the deadline.
    package mutating func set(_ deadline: NIODeadline?, on eventLoop: any EventLoop, fire: @escaping () -> Void) {
        guard let deadline else { return }
        if let timer = self.timer {
            guard deadline < timer.at else { return }
            timer.task.cancel()
        }
        self.timer = (deadline, eventLoop.assumeIsolated().scheduleTask(deadline: deadline, fire))
    }

    package mutating func fired() {
        self.timer = nil
    }

    package mutating func cancel() {
        self.timer?.task.cancel()
        self.timer = nil
    }
}

@available(*, unavailable)
extension DeadlineTimer: Sendable {}
