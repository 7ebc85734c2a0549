// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// The first commands of a new connection. It holds a password, so its mirror shows nothing.
struct RedisLogin: Sendable, CustomReflectable {
    var commands: [RedisCommand] = []
    /// Whether a replica is refused: the last command asks for the server's role.
    var mustBePrimary = false

    /// The user is optional, and has no effect without a password: `AUTH` with one argument is the default user's.
    init(username: String?, password: String?, database: Int = 0, mustBePrimary: Bool = false) {
        if let password {
            self.commands.append(
                RedisCommand("AUTH", ([username].compactMap(\.self) + [password]).map { Array($0.utf8) }))
        }
        if database != 0 { self.commands.append(RedisCommand("SELECT", [Array("\(database)".utf8)])) }
        if mustBePrimary { self.commands.append(RedisCommand("ROLE")) }
        // Without any command, only the first request would find out that the server cannot serve.
        if self.commands.isEmpty { self.commands.append(RedisCommand("PING")) }
        self.mustBePrimary = mustBePrimary
    }

    var customMirror: Mirror { Mirror(self, children: [:]) }
}
