// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import TestSupport

/// PgBouncer in front of a server, with fewer connections to it than it has clients, each given out for a transaction.
/// It ends with the test.
final class PgBouncer: Sendable {
    static var isInstalled: Bool { (try? PostgresPrograms.path(of: "pgbouncer")) != nil }

    private let port: Int
    private let folder: TemporaryFolder
    private let pid: Int32

    init(to server: PostgresServer) async throws {
        let (folder, port) = (try TemporaryFolder(), try await freePort())
        self.folder = folder
        self.port = port
        try PostgresPrograms.hand(folder.path)
        let settings = """
            [databases]
            postgres = host=127.0.0.1 port=\(server.port) user=postgres
            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = \(port)
            unix_socket_dir =
            auth_type = any
            pool_mode = transaction
            default_pool_size = 2
            server_reset_query_always = 1
            server_reset_query = DISCARD ALL
            logfile = \(folder.file("log"))
            """
        try Data(settings.utf8).write(to: URL(fileURLWithPath: folder.file("pgbouncer.ini")))
        let program = try PostgresPrograms.path(of: "pgbouncer")
        let command = try PostgresPrograms.asServerUser() + [program, folder.file("pgbouncer.ini")]
        let process = Process()
        process.executableURL = URL(fileURLWithPath: command[0])
        process.arguments = Array(command.dropFirst())
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        self.pid = process.processIdentifier
        try await eventually("PgBouncer listens") {
            ((try? String(contentsOfFile: folder.file("log"), encoding: .utf8)) ?? "").contains("process up")
        }
    }

    deinit {
        kill(self.pid, SIGKILL)
    }

    var url: String { "postgres://postgres@127.0.0.1:\(self.port)/postgres" }
}
