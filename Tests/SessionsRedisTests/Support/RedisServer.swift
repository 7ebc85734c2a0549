// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import Synchronization
import TestSupport

@testable import SessionsRedis

/// A real redis-server on a port and in a folder of its own, which ends with the test.
final class RedisServer: Sendable {
    let port: Int
    let folder: TemporaryFolder
    private let arguments: [String]
    private let password: String?
    private let program: Mutex<ServerProgram?>

    /// - Parameters:
    ///   - options: Settings as the configuration file has them, a word each: `["--maxmemory", "2mb"]`.
    ///   - configuration: The lines of a configuration file; sentinels need one that they can write to.
    ///   - password: The default user's.
    static func start(
        _ options: [String] = [], configuration: String? = nil, sentinel: Bool = false, password: String? = nil
    ) async throws -> RedisServer {
        // Between finding a free port and taking it somebody else may.
        for _ in 0..<5 {
            let server = try await RedisServer(options, configuration, sentinel, password)
            do {
                try await server.start()
                return server
            } catch let error as ServerError where error.description.contains("Address already in use") {
                continue
            }
        }
        throw ServerError("No port stays free for a server.")
    }

    private init(
        _ options: [String], _ configuration: String?, _ sentinel: Bool, _ password: String?
    ) async throws {
        self.folder = try TemporaryFolder()
        self.port = try await freePort()
        self.password = password
        var arguments: [String] = []
        if let configuration {
            try Data(configuration.utf8).write(to: URL(fileURLWithPath: self.folder.file("redis.conf")))
            arguments.append(self.folder.file("redis.conf"))
        }
        arguments += ["--port", "\(self.port)", "--bind", "127.0.0.1", "--dir", self.folder.path]
        arguments += sentinel ? ["--sentinel"] : ["--save", "", "--enable-debug-command", "yes"]
        if let password { arguments += ["--requirepass", password] }
        self.arguments = arguments + options
        self.program = Mutex(nil)
    }

    var address: RedisAddress { RedisAddress(host: "127.0.0.1", port: self.port) }

    /// The URL; the server is the test's own, and so are the keys.
    var url: String { "redis://127.0.0.1:\(self.port)" }

    /// Starts it, after ``kill()``.
    func start() async throws {
        let log = self.folder.file("log")
        let program = try ServerProgram("redis-server", self.arguments, log: log)
        self.program.withLock { $0 = program }
        try await eventually("the server on port \(self.port) answers") {
            guard program.isRunning else {
                throw ServerError((try? String(contentsOfFile: log, encoding: .utf8)) ?? "redis-server ended.")
            }
            // It, and not somebody who was faster to take the port.
            let info = (try? await self.command("INFO", "server"))?.text ?? ""
            return info.contains("process_id:\(program.pid)\r")
        }
    }

    /// `kill -9`.
    func kill() async throws {
        try await self.program.withLock { $0 }?.end()
    }

    /// Stops it in the middle of what it does, connections and all.
    func pause() {
        self.program.withLock { $0 }?.signal(SIGSTOP)
    }

    func resume() {
        self.program.withLock { $0 }?.signal(SIGCONT)
    }

    /// `master` or `slave`; nil when it cannot be told, as while a sentinel changes it: that ends all connections.
    var role: String? {
        get async { (try? await self.command("ROLE"))?.elements?.first?.text }
    }

    /// The reply to a command, on a connection of its own.
    @discardableResult
    func command(_ words: String...) async throws -> RedisReply {
        try await self.command(words)
    }

    @discardableResult
    func command(_ words: [String], database: Int = 0) async throws -> RedisReply {
        try await self.command(bytes: words.map { Array($0.utf8) }, database: database)
    }

    @discardableResult
    func command(bytes words: [[UInt8]], database: Int = 0) async throws -> RedisReply {
        let login = RedisLogin(username: nil, password: self.password, database: database)
        let connection = try await RedisConnection.open(to: self.address, as: login, .tests)
        defer { connection.close() }
        let command = RedisCommand(String(decoding: words[0], as: UTF8.self), Array(words.dropFirst()))
        return try await connection.send([command])[0]
    }
}
