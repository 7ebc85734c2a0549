// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import SessionsSupport
import Synchronization

#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// The keys that a person presses at the terminal: each arrives at once, and is not shown.
///
/// The terminal is only touched while this program is in its foreground. At other times it is the shell's, and the
/// system would stop a program that reads from it or changes it. Ctrl-C and Ctrl-\ end the program, which sets it back.
/// After Ctrl-Z it is the shell that sets it back, as bash and zsh do.
final class Keyboard: Sendable {
    private struct State {
        /// The terminal as it was.
        let before: termios
        var isOpen = true
    }

    /// The keys, as bytes; without an end.
    let presses: AsyncStream<UInt8>
    private let terminal: Int32
    private let state: Mutex<State>

    /// How long the thread waits for a key before it looks whether this is closed.
    private static let pause: Int32 = 200

    /// Nil when standard input is no terminal, or this program runs in its background.
    init?(_ terminal: Int32 = STDIN_FILENO) {
        guard Self.isForeground(on: terminal), let before = Self.modes(of: terminal) else { return nil }
        let (presses, pressed) = AsyncStream.makeStream(of: UInt8.self)
        self.presses = presses
        self.terminal = terminal
        self.state = Mutex(State(before: before))
        _ = self.takeTerminal()
        // A thread of its own, which waits in the system.
        Thread.detachNewThread { self.listen(pressed) }
    }

    /// Leaves the terminal as it was.
    func close() {
        self.state.withLock { state in
            guard state.isOpen else { return }
            state.isOpen = false
            if Self.isForeground(on: self.terminal) { Self.set(state.before, on: self.terminal) }
        }
    }

    private func listen(_ pressed: AsyncStream<UInt8>.Continuation) {
        while self.takeTerminal() {
            guard Self.isForeground(on: self.terminal) else {
                Thread.sleep(forTimeInterval: Double(Self.pause) / 1000)
                continue
            }
            var request = pollfd(fd: self.terminal, events: Int16(POLLIN), revents: 0)
            // The system writes into the request within the call, and a byte at most into the key.
            guard unsafe poll(&request, 1, Self.pause) > 0, Self.isForeground(on: self.terminal) else { continue }
            var key: UInt8 = 0
            let terminal = self.terminal
            let count = SystemCall.uninterrupted { unsafe read(terminal, &key, 1) }
            // The terminal has gone.
            guard count == 1 else { return }
            pressed.yield(key)
        }
    }

    /// Sets the terminal so that keys arrive one by one: at the start, and again after the shell has had it.
    ///
    /// - Returns: Whether this is open.
    private func takeTerminal() -> Bool {
        self.state.withLock { state in
            guard state.isOpen else { return false }
            guard Self.isForeground(on: self.terminal), var modes = Self.modes(of: self.terminal) else { return true }
            let lines = tcflag_t(ICANON | ECHO)
            guard modes.c_lflag & lines != 0 else { return true }
            modes.c_lflag &= ~lines
            Self.set(modes, on: self.terminal)
            return true
        }
    }

    private static func isForeground(on terminal: Int32) -> Bool { tcgetpgrp(terminal) == getpgrp() }

    private static func modes(of terminal: Int32) -> termios? {
        var modes = termios()
        // The system fills the structure within the call.
        return unsafe tcgetattr(terminal, &modes) == 0 ? modes : nil
    }

    private static func set(_ modes: termios, on terminal: Int32) {
        var modes = modes
        // The system reads the structure within the call.
        _ = unsafe tcsetattr(terminal, TCSANOW, &modes)
    }
}
