// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// The index of a shard's signed-in users: the keys of each user's sessions.
///
/// It has a hash of the user's name in place of the name, which stands in each record already. Two users may have the
/// same hash, so a caller compares the names.
struct MemoryUsers {
    /// Most users have one session in a shard, and an empty set takes no memory.
    private struct Keys {
        var first: TwoWords
        var others: Set<TwoWords> = []
    }

    /// Swift's hashes have a seed that differs in each process, so that no visitor can choose names of one hash.
    private var keys: [Int: Keys] = [:]

    /// The keys that may be those of a user's sessions.
    func candidates(_ user: [UInt8]) -> FlattenSequence<[Set<TwoWords>]> {
        let sets: [Set<TwoWords>] = self.keys[user.hashValue].map { [[$0.first], $0.others] } ?? []
        return sets.joined()
    }

    mutating func insert(_ key: TwoWords, of user: [UInt8]) {
        let hash = user.hashValue
        if self.keys[hash] == nil {
            self.keys[hash] = Keys(first: key)
        } else {
            self.keys[hash]?.others.insert(key)
        }
    }

    mutating func remove(_ key: TwoWords, of user: [UInt8]) {
        let hash = user.hashValue
        guard self.keys[hash]?.others.remove(key) == nil, self.keys[hash]?.first == key else { return }
        if let next = self.keys[hash]?.others.popFirst() {
            self.keys[hash]?.first = next
        } else {
            self.keys[hash] = nil
        }
    }
}
