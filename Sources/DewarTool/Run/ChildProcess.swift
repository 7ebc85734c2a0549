// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import Synchronization

/// Another program that this one starts, reads the output of, and stops.
final class ChildProcess: Sendable {
    /// What it writes. It ends when the program, and each that has its output from it, has ended.
    let output: AsyncStream<[UInt8]>
    /// How it ended: an exit status, or a signal's number below zero.
    private let ending: Task<Int32, Never>
    private let identifier: pid_t
    private let isRunning: Flag

    /// Whether it runs: the system may give the number of a program that has ended to another one.
    private final class Flag: Sendable {
        let value = Mutex(true)
    }

    /// Starts a program.
    ///
    /// - Parameters:
    ///   - command: The program's path or its name, and its arguments.
    ///   - readsOutput: Whether standard output is read as standard error is; otherwise it goes where this program's
    ///     does, which for a terminal is without delay.
    init(_ command: [String], in folder: String, environment: [String: String], readsOutput: Bool) throws(ToolError) {
        let (process, pipe) = (Process(), Pipe())
        let isPath = command[0].contains("/")
        process.executableURL = URL(fileURLWithPath: isPath ? command[0] : "/usr/bin/env")
        process.arguments = isPath ? Array(command.dropFirst()) : command
        process.currentDirectoryURL = URL(fileURLWithPath: folder, isDirectory: true)
        process.environment = environment
        process.standardInput = FileHandle.nullDevice
        process.standardError = pipe
        if readsOutput { process.standardOutput = pipe }
        let (endings, ended) = AsyncStream.makeStream(of: Int32.self)
        let isRunning = Flag()
        process.terminationHandler = { process in
            isRunning.value.withLock { $0 = false }
            let status = process.terminationStatus
            ended.yield(process.terminationReason == .uncaughtSignal ? -status : status)
            ended.finish()
        }
        let (output, written) = AsyncStream.makeStream(of: [UInt8].self)
        do {
            try Self.withNoSignalBlocked { try process.run() }
        } catch {
            throw ToolError("\(Printable.text(command[0])) cannot be started: \(error.localizedDescription)")
        }
        // A thread of its own, which waits in the system: on Linux Foundation's `readabilityHandler` left a reader waiting
        // for a program that had ended, in 2 of 23 runs.
        Thread.detachNewThread { [reading = pipe.fileHandleForReading] in
            while case let data = reading.availableData, !data.isEmpty { written.yield(Array(data)) }
            written.finish()
        }
        self.output = output
        self.identifier = process.processIdentifier
        self.isRunning = isRunning
        self.ending = Task { await endings.first { _ in true } ?? -1 }
    }

    /// A program begins with the signals blocked that the thread has blocked which starts it, and the threads of tasks
    /// block nearly all: told to end, it would hear nothing.
    private static func withNoSignalBlocked(_ body: () throws -> Void) rethrows {
        var (none, before) = (sigset_t(), sigset_t())
        // Both sets are this function's own, and the calls keep no pointer to them.
        unsafe sigemptyset(&none)
        unsafe pthread_sigmask(SIG_SETMASK, &none, &before)
        defer { unsafe pthread_sigmask(SIG_SETMASK, &before, nil) }
        try body()
    }

    /// Waits until the program ends.
    var status: Int32 {
        get async { await self.ending.value }
    }

    /// Asks the program to end, and ends it when it has not after a while. This waits even in a cancelled task.
    func stop(_ signal: Int32 = SIGTERM, within patience: Duration) async {
        await Task {
            self.send(signal)
            let timer = Task {
                try await Task.sleep(for: patience)
                self.end()
            }
            _ = await self.ending.value
            timer.cancel()
        }.value
    }

    private func send(_ signal: Int32) {
        self.isRunning.value.withLock { if $0 { kill(self.identifier, signal) } }
    }

    /// Ends the program, and what it has started, such as compilers: on Linux it leads a group of its own.
    private func end() {
        let isLeader = getpgid(self.identifier) == self.identifier
        self.isRunning.value.withLock {
            if $0 { kill(isLeader ? -self.identifier : self.identifier, SIGKILL) }
        }
    }
}
