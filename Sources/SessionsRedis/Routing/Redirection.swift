// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// A cluster server's redirection: `MOVED 3999 127.0.0.1:6381` when another server has the slot, `ASK` while it moves.
struct Redirection: Sendable, Hashable {
    let isForGood: Bool
    let slot: Int
    let address: RedisAddress

    /// Nil for any other error.
    ///
    /// - Parameter host: The host of the server that answered; it may leave out that of the other one.
    init?(_ error: RedisServerError, from host: String = "") {
        guard error.code == "MOVED" || error.code == "ASK" else { return nil }
        let arguments = error.arguments
        // An IPv6 address has colons too, and no brackets here.
        guard arguments.count >= 2, let slot = Int(arguments[0]), SlotMap.range.contains(slot),
            let colon = arguments[1].lastIndex(of: ":"),
            let port = Int(arguments[1][arguments[1].index(after: colon)...])
        else { return nil }
        self.isForGood = error.code == "MOVED"
        self.slot = slot
        self.address = RedisAddress(String(arguments[1][..<colon]), port: port, from: host)
    }
}

extension RedisAddress {
    /// The address that a cluster's server names. Where it leaves out the host, that is the host of the server that was
    /// asked.
    init(_ name: String, port: Int, from host: String) {
        self.init(host: name.isEmpty || name == "?" ? host : name, port: port)
    }
}
