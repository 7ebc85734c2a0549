// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import SessionsSupport

/// Counts by name in a binary heap, the one with the fewest failures in front; among equals, the one with the earliest
/// time.
///
/// Each operation takes logarithmic time, and removing what has expired linear time.
struct CountQueue {
    struct Entry {
        let name: TwoWords
        var count: AttemptCount
        /// When the count expires, in milliseconds since 1970.
        var end: Int

        fileprivate func goes(before other: Entry) -> Bool {
            (self.count.failures, self.count.time) < (other.count.failures, other.count.time)
        }
    }

    private var heap: [Entry] = []
    private var places: [TwoWords: Int] = [:]

    var count: Int { self.heap.count }

    subscript(name: TwoWords) -> Entry? { self.places[name].map { self.heap[$0] } }

    /// Adds an entry, or puts it in place of the one of its name.
    mutating func put(_ entry: Entry) {
        let place = self.places[entry.name] ?? self.heap.count
        if place == self.heap.count { self.heap.append(entry) }
        self.set(entry, at: place)
        self.settle(place)
    }

    mutating func remove(_ name: TwoWords) {
        guard let place = self.places.removeValue(forKey: name), let last = self.heap.popLast() else { return }
        guard last.name != name else { return }
        self.set(last, at: place)
        self.settle(place)
    }

    /// Takes the entry in front.
    mutating func popFirst() -> Entry? {
        guard let first = self.heap.first else { return nil }
        self.remove(first.name)
        return first
    }

    /// Removes the entries that have expired.
    mutating func removeExpired(at now: Int) {
        let live = self.heap.filter { now < $0.end }
        guard live.count < self.heap.count else { return }
        self = CountQueue()
        for entry in live { self.put(entry) }
    }

    /// Moves an entry to where it belongs.
    private mutating func settle(_ start: Int) {
        var place = start
        while place > 0, self.heap[place].goes(before: self.heap[(place - 1) / 2]) {
            self.exchange(place, (place - 1) / 2)
            place = (place - 1) / 2
        }
        while let child = self.firstChild(of: place), self.heap[child].goes(before: self.heap[place]) {
            self.exchange(place, child)
            place = child
        }
    }

    private func firstChild(of place: Int) -> Int? {
        let (left, right) = (2 * place + 1, 2 * place + 2)
        guard left < self.heap.count else { return nil }
        return right < self.heap.count && self.heap[right].goes(before: self.heap[left]) ? right : left
    }

    private mutating func exchange(_ one: Int, _ other: Int) {
        let entry = self.heap[one]
        self.set(self.heap[other], at: one)
        self.set(entry, at: other)
    }

    private mutating func set(_ entry: Entry, at place: Int) {
        self.heap[place] = entry
        self.places[entry.name] = place
    }
}
