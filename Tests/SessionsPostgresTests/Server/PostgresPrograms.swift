// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation

/// Where PostgreSQL's programs are, and who may run them.
enum PostgresPrograms {
    struct Missing: Error, CustomStringConvertible {
        let description: String
    }

    /// The path of one of PostgreSQL's programs.
    static func path(of name: String) throws -> String {
        for folder in self.folders where FileManager.default.isExecutableFile(atPath: folder + "/" + name) {
            return folder + "/" + name
        }
        throw Missing(
            description: "PostgreSQL's \(name) is not installed: apt install postgresql, or brew install postgresql.")
    }

    /// The beginning of a command line: PostgreSQL refuses to run as root.
    static func asServerUser() throws -> [String] {
        guard getuid() == 0 else { return [] }
        guard let user = self.user, let setpriv = self.find("setpriv") else {
            throw Missing(
                description: "To run PostgreSQL as root the user postgres or nobody, and setpriv, are needed.")
        }
        return [setpriv, "--reuid=\(user.id)", "--regid=\(user.group)", "--clear-groups", "--"]
    }

    /// Gives a folder to whoever runs the server.
    static func hand(_ folder: String) throws {
        guard getuid() == 0, let user = self.user else { return }
        try FileManager.default.setAttributes(
            [.ownerAccountID: NSNumber(value: user.id), .groupOwnerAccountID: NSNumber(value: user.group)],
            ofItemAtPath: folder)
    }

    /// Runs a program to its end and gives what it printed.
    @discardableResult static func run(_ command: [String]) throws -> String {
        let (process, output) = (Process(), Pipe())
        process.executableURL = URL(fileURLWithPath: command[0])
        process.arguments = Array(command.dropFirst())
        process.standardOutput = output
        process.standardError = output
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let text = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Missing(description: "\(command[0]) failed: \(text)") }
        return text
    }

    private static var folders: [String] {
        let configured = self.find("pg_config").flatMap { try? self.run([$0, "--bindir"]) }
        let debian = "/usr/lib/postgresql"
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: debian)) ?? []
        return [configured?.trimmingCharacters(in: .whitespacesAndNewlines)].compactMap(\.self)
            + versions.sorted { ($0 as NSString).intValue > ($1 as NSString).intValue }.map { "\(debian)/\($0)/bin" }
            + ["/opt/homebrew/opt", "/usr/local/opt"].flatMap { root in
                ((try? FileManager.default.contentsOfDirectory(atPath: root)) ?? [])
                    .filter { $0.hasPrefix("postgresql") }.map { "\(root)/\($0)/bin" }
            } + self.searchPath + ["/usr/sbin"]
    }

    private static var searchPath: [String] {
        (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
    }

    private static func find(_ name: String) -> String? {
        (self.searchPath + ["/usr/bin", "/usr/sbin"]).map { $0 + "/" + name }
            .first(where: FileManager.default.isExecutableFile)
    }

    private static var user: (id: UInt32, group: UInt32)? {
        for name in ["postgres", "nobody"] {
            if let entry = getpwnam(name) { return (entry.pointee.pw_uid, entry.pointee.pw_gid) }
        }
        return nil
    }
}
