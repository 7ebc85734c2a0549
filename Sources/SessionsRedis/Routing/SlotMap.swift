// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// The servers of a cluster's slots.
struct SlotMap: Sendable {
    static let count = 16384
    static let range = 0..<Self.count

    private(set) var owners: [RedisAddress] = []
    /// Indexes into the owners; negative for a slot without a server.
    private var slots = [Int16](repeating: -1, count: Self.count)

    init() {}

    /// Whether every slot has a server.
    var isComplete: Bool { !self.slots.contains { $0 < 0 } }

    /// The map in a reply to `CLUSTER SLOTS`; nil when the reply holds none.
    ///
    /// - Parameter host: The host of the server that was asked; the server may leave out its own name.
    init?(_ reply: RedisReply, from host: String) {
        guard let ranges = reply.elements else { return nil }
        for range in ranges {
            guard let parts = range.elements, parts.count >= 3, let first = parts[0].integer,
                let last = parts[1].integer,
                first <= last, Self.range.contains(first), Self.range.contains(last),
                let primary = parts[2].elements, primary.count >= 2, let port = primary[1].integer
            else { return nil }
            let name = primary[0].text ?? ""
            let address = RedisAddress(host: name.isEmpty || name == "?" ? host : name, port: port)
            for slot in first...last { self[slot] = address }
        }
    }

    subscript(slot: Int) -> RedisAddress? {
        get {
            let index = Int(self.slots[slot])
            return index < 0 ? nil : self.owners[index]
        }
        set {
            guard let newValue else { return self.slots[slot] = -1 }
            let index = self.owners.firstIndex(of: newValue) ?? self.owners.count
            if index == self.owners.count { self.owners.append(newValue) }
            self.slots[slot] = Int16(clamping: index)
        }
    }
}
