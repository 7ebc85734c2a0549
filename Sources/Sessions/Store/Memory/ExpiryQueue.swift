// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// The entries of a shard in a binary heap, the first to expire in front. Each entry knows its place.
///
/// Moving an entry and removing the front one take logarithmic time; looking at the front takes constant time.
struct ExpiryQueue {
    private var heap: [MemoryEntry] = []

    /// The entry that expires first.
    var first: MemoryEntry? { self.heap.first }

    mutating func insert(_ entry: MemoryEntry) {
        entry.header.place = self.heap.count
        self.heap.append(entry)
        self.moveForward(entry)
    }

    mutating func remove(_ entry: MemoryEntry) {
        let place = entry.header.place
        let last = self.heap.removeLast()
        guard last !== entry else { return }
        self.put(last, at: place)
        self.update(last)
    }

    /// Puts an entry where another one was, and then where its own end belongs.
    mutating func replace(_ old: MemoryEntry, by new: MemoryEntry) {
        self.put(new, at: old.header.place)
        self.update(new)
    }

    private mutating func update(_ entry: MemoryEntry) {
        self.moveForward(entry)
        self.moveBack(entry)
    }

    private mutating func moveForward(_ entry: MemoryEntry) {
        var place = entry.header.place
        while place > 0 {
            let parent = self.heap[(place - 1) / 2]
            guard entry.end < parent.end else { break }
            let free = parent.header.place
            self.put(parent, at: place)
            place = free
        }
        self.put(entry, at: place)
    }

    private mutating func moveBack(_ entry: MemoryEntry) {
        var place = entry.header.place
        while let child = self.earlierChild(of: place), child.end < entry.end {
            let free = child.header.place
            self.put(child, at: place)
            place = free
        }
        self.put(entry, at: place)
    }

    private func earlierChild(of place: Int) -> MemoryEntry? {
        let left = 2 * place + 1
        guard left < self.heap.count else { return nil }
        guard left + 1 < self.heap.count, self.heap[left + 1].end < self.heap[left].end else { return self.heap[left] }
        return self.heap[left + 1]
    }

    private mutating func put(_ entry: MemoryEntry, at place: Int) {
        self.heap[place] = entry
        entry.header.place = place
    }
}
