// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import Sessions
import SessionsSQLite
import Synchronization

// A server's worth of sessions without the server, for test_store_processes.py to start several of, and to kill.
//
//     StorePeer sqlite:PATH
//
// Commands on standard input, one a line:
//
//     create                               prints the cookie of a new session
//     increment COOKIE KEY COUNT [PARALLEL]    prints the number that each request made, when it is stored
//     read COOKIE KEY                      prints the number, or "none" when the cookie opens no session
//
// Each command ends with a line of its own: "done", or "error" and the reason.

let peer = try StorePeer(CommandLine.arguments.dropFirst().first ?? "")
while let line = readLine() {
    do {
        try await peer.run(line.split(separator: " ").map(String.init))
        peer.say("done")
    } catch {
        peer.say("error \(error)")
    }
}

final class StorePeer: Sendable {
    struct UsageError: Error, CustomStringConvertible {
        let description: String
    }

    private let sessions: SessionManager
    private let output = Mutex(FileHandle.standardOutput)

    init(_ specification: String) throws {
        let parts = specification.split(separator: ":", maxSplits: 1).map(String.init)
        guard parts.count == 2 else { throw UsageError(description: "usage: StorePeer sqlite:PATH") }
        // The key is no secret: nobody but the test talks to this program.
        self.sessions = try SessionManager(
            keys: SecretKeys("7f3c9a51e0d84b62a1c5f7e93d20b846"),
            configuration: .stored(in: try Self.store(parts[0], path: parts[1])))
    }

    private static func store(_ kind: String, path: String) throws -> any SessionStore {
        switch kind {
        case "sqlite": try SQLiteStore(path: path, busyTimeout: .seconds(60))
        default: throw UsageError(description: "there is no store of the kind \"\(kind)\"")
        }
    }

    func run(_ words: [String]) async throws {
        switch words.first {
        case "create" where words.count == 1:
            self.say(try await self.create())
        case "increment" where words.count == 4 || words.count == 5:
            guard let count = Int(words[3]), let parallel = Int(words.count == 5 ? words[4] : "1"), parallel > 0 else {
                throw UsageError(description: "COUNT and PARALLEL are numbers")
            }
            try await self.increment(words[1], words[2], count: count, parallel: parallel)
        case "read" where words.count == 3:
            let session = try await self.sessions.open([words[1]])
            let number: Int? = session[words[2]]
            self.say(number.map(String.init) ?? "none")
        default:
            throw UsageError(description: "create | increment COOKIE KEY COUNT [PARALLEL] | read COOKIE KEY")
        }
    }

    /// One write a line, so that a line is there wholly or not at all when the process is killed.
    func say(_ text: String) {
        self.output.withLock { $0.write(Data((text + "\n").utf8)) }
    }

    private func create() async throws -> String {
        let session = try await self.sessions.open([])
        session["created"] = true
        guard let cookie = try await self.sessions.commit(session).setCookie else {
            throw UsageError(description: "a new session has no cookie")
        }
        return String(cookie.prefix { $0 != ";" })
    }

    private func increment(_ cookie: String, _ key: String, count: Int, parallel: Int) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for worker in 0..<parallel {
                group.addTask {
                    for _ in 0..<(count / parallel + (worker < count % parallel ? 1 : 0)) {
                        self.say(String(try await self.increment(cookie, key)))
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    /// A request that adds one, and the number that it stored.
    private func increment(_ cookie: String, _ key: String) async throws -> Int {
        let session = try await self.sessions.open([cookie])
        guard !session.isNew else { throw UsageError(description: "the cookie opens no session") }
        // What `update` returns is the number before any merging; the last run of the closure makes what is stored.
        let made = Number()
        session.update(key, default: 0) { number in
            number += 1
            made.value.withLock { [number] in $0 = number }
        }
        _ = try await self.sessions.commit(session)
        return made.value.withLock { $0 }
    }
}

private final class Number: Sendable {
    let value = Mutex(0)
}
