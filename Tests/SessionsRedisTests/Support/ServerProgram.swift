// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import Synchronization
import TestSupport

/// A running program, ended by its own process id.
final class ServerProgram: Sendable {
    private let process: Mutex<Process>
    let pid: Int32

    /// Starts a program that is found by its name, with what it says going to a file.
    init(_ name: String, _ arguments: [String], log: String) throws {
        let process = Process()
        process.executableURL = try Self.find(name)
        process.arguments = arguments
        _ = FileManager.default.createFile(atPath: log, contents: nil)
        let output = try FileHandle(forWritingTo: URL(fileURLWithPath: log))
        process.standardOutput = output
        process.standardError = output
        process.standardInput = FileHandle.nullDevice
        try process.run()
        self.pid = process.processIdentifier
        self.process = Mutex(process)
    }

    deinit {
        if self.isRunning { kill(self.pid, SIGKILL) }
    }

    var isRunning: Bool { self.process.withLock { $0.isRunning } }

    func signal(_ signal: Int32) {
        if self.isRunning { kill(self.pid, signal) }
    }

    /// `kill -9`, and waits until it is gone.
    func end() async throws {
        self.signal(SIGKILL)
        try await eventually("process \(self.pid) ends") { !self.isRunning }
    }

    private static func find(_ name: String) throws -> URL {
        let folders =
            (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":") + ["/usr/bin", "/usr/local/bin"]
        for folder in folders where FileManager.default.isExecutableFile(atPath: "\(folder)/\(name)") {
            return URL(fileURLWithPath: "\(folder)/\(name)")
        }
        throw ServerError(
            "\(name) is missing. Install it: apt-get install redis-server openssl, or brew install redis.")
    }
}
