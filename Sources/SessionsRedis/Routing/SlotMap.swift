// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// The servers of a cluster's slots.
struct SlotMap: Sendable {
    static let count = 16384
    static let range = 0..<Self.count

    private(set) var owners: [RedisAddress] = []
    /// Where each of the owners is among them.
    private var places: [RedisAddress: Int16] = [:]
    /// Indexes into the owners; negative for a slot without a server.
    private var slots = [Int16](repeating: -1, count: Self.count)

    init() {}

    /// Whether every slot has a server.
    var isComplete: Bool { !self.slots.contains { $0 < 0 } }

    /// The map in a reply to `CLUSTER SLOTS`; nil when the reply holds none. One that names slots twice is none: it
    /// could name all of them in each of a million ranges.
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
            guard let place = self.place(of: RedisAddress(primary[0].text ?? "", port: port, from: host)) else {
                return nil
            }
            for slot in first...last {
                guard self.slots[slot] < 0 else { return nil }
                self.slots[slot] = place
            }
        }
    }

    subscript(slot: Int) -> RedisAddress? {
        get {
            let index = Int(self.slots[slot])
            return index < 0 ? nil : self.owners[index]
        }
        set {
            guard let newValue, let place = self.place(of: newValue) else { return self.slots[slot] = -1 }
            self.slots[slot] = place
        }
    }

    /// The place of an owner, which is added if need be; nil when there are as many owners as slots, as after many
    /// redirections. The slot has no server then, so that the map is read again.
    private mutating func place(of owner: RedisAddress) -> Int16? {
        if let place = self.places[owner] { return place }
        guard self.owners.count < Self.count, let place = Int16(exactly: self.owners.count) else { return nil }
        self.owners.append(owner)
        self.places[owner] = place
        return place
    }
}
