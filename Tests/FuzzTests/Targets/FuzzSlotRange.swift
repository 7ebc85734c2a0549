// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

@testable import SessionsRedis

/// Slots of a cluster with their server, as a server names them.
struct FuzzSlotRange {
    let slots: Range<Int>
    let owner: RedisAddress
    let reply: RedisReply
    /// Whether the reply is as it must be.
    let isWhole: Bool

    /// - Parameter asked: The server that is asked, which may leave out its own name.
    init(_ script: inout FuzzScript, from asked: String) {
        let first = (script.number() << 8 + script.number()) % SlotMap.count
        let last = first + (script.number() << 8 + script.number()) % (SlotMap.count - first)
        let port = script.number() << 8 + script.number() - 8
        let host = script.bytes()
        let damage = script.number() % 16
        let server: [RedisReply] = [
            damage == 1 ? .null : .bytes(host), damage == 2 ? .bytes(Array("\(port)".utf8)) : .integer(port),
        ]
        let end =
            switch damage {
            case 3: first - 1
            case 4: last + SlotMap.count
            default: last
            }
        let parts: [RedisReply] = [.integer(first), .integer(end), .array(damage == 5 ? [server[0]] : server)]
        let replica = RedisReply.array([.bytes(Array("replica".utf8)), .integer(1)])
        self.slots = first..<last + 1
        self.owner = RedisAddress(
            host: damage == 1 || host.isEmpty || host == Array("?".utf8) ? asked : host.text, port: port)
        self.reply = .array(damage == 6 ? Array(parts.prefix(2)) : parts + [replica])
        self.isWhole = !(2...6).contains(damage)
    }
}
