// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import CHiredis
import NIOCore

/// A command with its arguments, which are bytes.
struct RedisCommand: Sendable {
    let arguments: [[UInt8]]
    /// The key that decides which server of a cluster gets the command.
    let key: [UInt8]
    /// Whether it is idempotent, so that it may be sent again when a reply is lost.
    let isRepeatable: Bool
    /// Whether it writes; a replica refuses such commands.
    let isWriting: Bool
    /// The script that the command names by its hash.
    let script: RedisScript?

    init(_ name: String, _ arguments: [[UInt8]] = [], key: [UInt8] = [], isRepeatable: Bool = true) {
        self.init(
            arguments: [Array(name.utf8)] + arguments, key: key, isRepeatable: isRepeatable,
            isWriting: !Self.readingNames.contains(name), script: nil)
    }

    /// Runs a script: `EVALSHA`. The first key decides which server.
    init(_ script: RedisScript, keys: [[UInt8]], _ arguments: [[UInt8]], isRepeatable: Bool) {
        self.init(
            arguments: [Array("EVALSHA".utf8), Array(script.hash.utf8), Array("\(keys.count)".utf8)] + keys + arguments,
            key: keys.first ?? [], isRepeatable: isRepeatable, isWriting: script.isWriting, script: script)
    }

    private static let readingNames: Set<String> = ["GET", "GETRANGE", "SCAN", "ASKING", "CLUSTER"]

    private init(
        arguments: [[UInt8]], key: [UInt8], isRepeatable: Bool, isWriting: Bool, script: RedisScript?
    ) {
        self.arguments = arguments
        self.key = key
        self.isRepeatable = isRepeatable
        self.isWriting = isWriting
        self.script = script
    }

    /// The same command with the script's source, for a server that does not have the script (yet). The server keeps
    /// it.
    var withSource: RedisCommand? {
        guard let script = self.script else { return nil }
        let head = [Array("EVAL".utf8), Array(script.source.utf8)]
        return RedisCommand(
            arguments: head + self.arguments.dropFirst(2), key: self.key, isRepeatable: self.isRepeatable,
            isWriting: self.isWriting, script: nil)
    }

    /// About how many bytes it has.
    var size: Int { self.arguments.reduce(0) { $0 + $1.count } }

    /// Appends the bytes to send; false when there is no memory for them.
    func write(to buffer: inout ByteBuffer) -> Bool {
        let lengths = self.arguments.map(\.count)
        // One allocation for all arguments, because all their addresses must be valid at the same time.
        let flat = Array(self.arguments.joined()) + [0]
        // hiredis reads each argument up to its length, within this call. It returns its own memory with the number of
        // bytes in it.
        return unsafe flat.withUnsafeBufferPointer { flat in
            unsafe flat.withMemoryRebound(to: CChar.self) { flat in
                var position = flat.baseAddress
                var starts = unsafe lengths.map { length in
                    defer { unsafe position = unsafe position.map { unsafe $0 + length } }
                    return unsafe position
                }
                var command: UnsafeMutablePointer<CChar>?
                let count = unsafe Int(redisFormatCommandArgv(&command, Int32(lengths.count), &starts, lengths))
                guard count >= 0, let command = unsafe command else { return false }
                unsafe buffer.writeBytes(UnsafeRawBufferPointer(start: command, count: count))
                unsafe redisFreeCommand(command)
                return true
            }
        }
    }
}
