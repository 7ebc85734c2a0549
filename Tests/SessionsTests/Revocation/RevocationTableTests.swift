// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Testing

@testable import Sessions

/// What a process remembers, in whatever order it hears of it.
@Suite struct RevocationTableTests {
    private static let ids = (0..<4).compactMap { RevocationKey(bytes: [UInt8](repeating: UInt8($0), count: 16)) }
    private static let entries: [RevocationEntry] = [
        RevocationEntry(fact: .renewed(Self.ids[0], successor: Self.ids[1], at: 100), until: 1000),
        RevocationEntry(fact: .renewed(Self.ids[1], successor: Self.ids[2], at: 200), until: 1100),
        RevocationEntry(fact: .moved(Self.ids[2], successor: Self.ids[3], at: 300), until: 1200),
        RevocationEntry(fact: .ended(Self.ids[0]), until: 1050),
    ]

    /// Three sessions that came of one cookie, of which one ends.
    private static let moves: [RevocationEntry] = [
        RevocationEntry(fact: .moved(Self.ids[0], successor: Self.ids[1], at: 100), until: 1000),
        RevocationEntry(fact: .moved(Self.ids[0], successor: Self.ids[2], at: 200), until: 1100),
        RevocationEntry(fact: .moved(Self.ids[0], successor: Self.ids[3], at: 300), until: 1200),
        RevocationEntry(fact: .ended(Self.ids[2]), until: 1050),
    ]

    @Test(arguments: [RevocationTableTests.entries, RevocationTableTests.moves])
    func anEndReachesAllThatCameOfACookieInEveryOrder(_ entries: [RevocationEntry]) {
        var orders: [[RevocationEntry]] = [[]]
        for entry in entries {
            orders = orders.flatMap { order in
                (0...order.count).map { Array(order[..<$0]) + [entry] + Array(order[$0...]) }
            }
        }
        #expect(orders.count == 24)
        for order in orders {
            for told in [order, order + order] {
                var table = RevocationTable()
                for entry in told { table.insert(entry, keptUntil: 0) }
                #expect(Self.ids.allSatisfy { table.hasEnded($0) })
            }
        }
    }

    @Test func whatNoTokenCanBeAboutIsForgotten() {
        var table = RevocationTable()
        for entry in Self.entries { table.insert(entry, keptUntil: 0) }
        table.insert(
            RevocationEntry(fact: .userEnded(RevocationKey(user: "ada"), cutoff: 5), until: 1100), keptUntil: 0)
        table.removeExpired(at: 1000, elapsed: 1)
        #expect(table.count == 5)
        table.removeExpired(at: 1201, elapsed: 1)
        #expect(table.count == 0)
    }

    /// The wall clock alone makes nothing forget, and neither does the time that has passed.
    @Test(arguments: [(5000, 100), (1100, 5000)])
    func oneClockAloneMakesNothingForget(_ now: Int, _ elapsed: Int) {
        var table = RevocationTable()
        table.insert(RevocationEntry(fact: .ended(Self.ids[0]), until: 1100), keptUntil: 100)
        table.insert(
            RevocationEntry(fact: .userEnded(RevocationKey(user: "ada"), cutoff: 5), until: 1100), keptUntil: 100)
        table.removeExpired(at: now, elapsed: elapsed)
        #expect(table.count == 2)
        table.removeExpired(at: 1101, elapsed: 101)
        #expect(table.count == 0)
    }

    /// A segment is read again and again until it is closed, and would otherwise never be forgotten.
    @Test func hearingAnEntryAgainDoesNotLengthenIt() {
        var table = RevocationTable()
        for elapsed in [100, 200, 300] {
            table.insert(RevocationEntry(fact: .ended(Self.ids[0]), until: 1100), keptUntil: elapsed)
        }
        table.removeExpired(at: 1101, elapsed: 101)
        #expect(table.count == 0)
    }

    @Test func anEntryHeardAgainTakesNoRoom() {
        var table = RevocationTable()
        for _ in 0..<100 { for entry in Self.entries { table.insert(entry, keptUntil: 0) } }
        #expect(table.count == 4)
    }

    /// Each was compared with all before it, and all were copied: a store that others write to decides how many there
    /// are.
    @Test(.timeLimit(.minutes(1))) func manySuccessorsOfOneIDCostNoMoreThanTheirNumber() {
        var table = RevocationTable()
        for number in 0..<400_000 {
            guard let successor = RevocationKey(bytes: BigEndian.bytes(1) + BigEndian.bytes(number)) else { continue }
            let renewal = RevocationEntry.Fact.renewed(Self.ids[0], successor: successor, at: 1)
            for _ in 0..<2 { table.insert(RevocationEntry(fact: renewal, until: 1000), keptUntil: 0) }
        }
        table.insert(RevocationEntry(fact: .ended(Self.ids[0]), until: 1000), keptUntil: 0)
        #expect(table.count == 400_001)
    }

    @Test func entriesComeBackFromTheirBytes() {
        let user = RevocationEntry(
            fact: .userEnded(RevocationKey(user: "é"), cutoff: 1_700_000_000_123), until: 1 << 47)
        let entries = Self.entries + [user]
        let bytes = entries.flatMap(RevocationEntryCoder.encode)
        #expect(RevocationEntryCoder.decode(bytes[...]) == entries)
        for count in 1..<RevocationEntryCoder.encode(user).count {
            #expect(RevocationEntryCoder.decode(bytes.dropLast(count)) == nil)
        }
        #expect(RevocationEntryCoder.decode([0]) == nil)
        #expect(RevocationEntryCoder.decode(ArraySlice([5] + [UInt8](repeating: 0, count: 44))) == nil)
    }

    @Test func namesAreComparedByTheirBytes() {
        #expect(RevocationKey(user: "é") != RevocationKey(user: "e\u{301}"))
        #expect(RevocationKey(user: "ada") == RevocationKey(user: "ada"))
    }
}
