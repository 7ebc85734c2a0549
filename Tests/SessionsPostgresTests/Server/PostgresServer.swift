// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import Sessions
import Synchronization
import TestSupport

@testable import SessionsPostgres

/// A PostgreSQL of the tests' own, on a free port and in a temporary folder.
///
/// It ends with whoever holds it, and at the latest with the process, however that ends: a shell that waits for the end
/// of its input stops it.
final class PostgresServer: Sendable {
    /// One for every test that does it no harm.
    static let shared = Task { try await PostgresServer() }

    let port: Int
    let folder: TemporaryFolder
    private let arguments: [String]
    private let fileSizeLimit: Int?
    private let state = Mutex<(server: Process, keeper: Pipe)?>(nil)

    /// Makes a database and starts a server on it.
    ///
    /// - Parameters:
    ///   - settings: More settings for `postgres -c`.
    ///   - fileSizeLimit: How long a file may become, in the units of `ulimit -f`.
    init(_ settings: [String] = [], fileSizeLimit: Int? = nil) async throws {
        self.folder = try TemporaryFolder()
        self.port = try await freePort()
        self.fileSizeLimit = fileSizeLimit
        let user = try PostgresPrograms.asServerUser()
        try PostgresPrograms.hand(self.folder.path)
        let data = self.folder.file("data")
        try PostgresPrograms.run(
            user + [
                try PostgresPrograms.path(of: "initdb"), "--pgdata=\(data)", "--username=postgres", "--auth=trust",
                "--no-sync", "--no-locale", "--encoding=UTF8", "--wal-segsize=1",
            ])
        // The first line that fits is the one that counts: whoever is called "secured" needs a password.
        let access = "host all secured all scram-sha-256\nhost all all 127.0.0.1/32 trust\n"
        try Data(access.utf8).write(to: URL(fileURLWithPath: data + "/pg_hba.conf"))
        let all =
            [
                "port=\(self.port)", "listen_addresses=127.0.0.1", "unix_socket_directories=", "fsync=off",
                "shared_buffers=16MB", "max_connections=150", "max_wal_size=32MB",
            ] + settings
        self.arguments = user + [try PostgresPrograms.path(of: "postgres"), "-D", data] + all.flatMap { ["-c", $0] }
        try await self.start()
    }

    deinit {
        try? self.state.withLock { $0 }?.keeper.fileHandleForWriting.close()
    }

    /// What a store is opened with.
    var url: String { self.url() }

    func url(port: Int? = nil, user: String = "postgres", options: String = "") -> String {
        "postgres://\(user)@127.0.0.1:\(port ?? self.port)/postgres?\(options)"
    }

    /// Starts the server and waits until it lets somebody in.
    func start() async throws {
        try self.launch()
        try await eventually("the server on port \(self.port) lets somebody in", within: .seconds(60)) {
            guard self.state.withLock({ $0?.server.isRunning }) == true else { throw self.failure }
            return (try? await self.execute("SELECT 1")) != nil
        }
    }

    /// Stops the server and waits for its end; what is connected is thrown out.
    func stop() async throws {
        try await self.end(by: SIGINT)
    }

    /// Kills the server and all of its processes where they stand.
    func kill() async throws {
        let others = try await self.execute("SELECT pid::text FROM pg_stat_activity").compactMap(Int32.init)
        try await self.end(by: SIGKILL)
        for process in others { _ = Foundation.kill(process, SIGKILL) }
        try FileManager.default.removeItem(atPath: self.folder.file("data/postmaster.pid"))
    }

    private func end(by signal: Int32) async throws {
        guard let (server, keeper) = self.state.withLock({ $0 }) else { return }
        _ = Foundation.kill(server.processIdentifier, signal)
        try await BlockingPool(width: 1, label: "test").run { server.waitUntilExit() }
        try keeper.fileHandleForWriting.write(contentsOf: Data("done\n".utf8))
        try keeper.fileHandleForWriting.close()
        self.state.withLock { $0 = nil }
    }

    /// Runs statements of the tests' own and gives the first column of the last one, as text.
    @discardableResult func execute(_ statements: String...) async throws -> [String] {
        let settings = try ConnectionSettings(self.url, timeout: .seconds(5))
        return try await BlockingPool(width: 1, label: "test").run {
            let connection = try Connection(settings, statementTimeout: .seconds(60))
            var rows: [String] = []
            for statement in statements {
                let result = try connection.run(Statement(statement), until: .now + .seconds(60))
                rows = (0..<result.rowCount).map { String(decoding: result.bytesIfAny($0, 0) ?? [], as: UTF8.self) }
            }
            return rows
        }
    }

    private func launch() throws {
        let limit = self.fileSizeLimit.map { "ulimit -f \($0); " } ?? ""
        let script = limit + "log=$1; shift; exec \"$@\" >> \"$log\" 2>&1 < /dev/null"
        let server = try Self.shell(script, [self.log] + self.arguments, input: nil)
        let end = """
            read -r line && exit
            kill -INT "$1"
            for i in 1 2 3 4 5 6 7 8 9 10; do [ -e "$2/data/postmaster.pid" ] || break; sleep 1; done
            rm -rf "$2"
            """
        let input = Pipe()
        _ = try Self.shell(end, ["\(server.processIdentifier)", self.folder.path], input: input)
        self.state.withLock { $0 = (server, input) }
    }

    private static func shell(_ script: String, _ arguments: [String], input: Pipe?) throws -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", script, "sh"] + arguments
        process.standardInput = input ?? FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        return process
    }

    private var log: String { self.folder.file("log") }

    private var failure: PostgresPrograms.Missing {
        let text = (try? String(contentsOfFile: self.log, encoding: .utf8)) ?? ""
        return PostgresPrograms.Missing(description: "PostgreSQL did not start: \(text.suffix(2000))")
    }
}
