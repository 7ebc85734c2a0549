// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

@testable import Sessions

extension FuzzTarget {
    /// Four bytes are an entry of the list. Processes hear of the entries in any order, and more than once.
    static let revocationTable = FuzzTarget(
        "revocation-table", "what processes write to the list of revocations, in any order", maximumLength: 256
    ) { input in
        let entries = stride(from: 0, to: input.count - input.count % 4, by: 4).map { start in
            FuzzRevocations.entry(input[start..<start + 4].map(Int.init))
        }
        let known = FuzzRevocations(entries)
        try require(known == FuzzRevocations(entries.reversed()), "the order in which entries come changes a verdict")
        try require(known == FuzzRevocations(entries + entries), "to hear of an entry twice changes a verdict")
        let middle = entries.count / 2
        try require(
            known == FuzzRevocations(entries[middle...] + entries[..<middle]), "another order changes a verdict")
        try FuzzRevocations.checkEnds(entries)
    }
}

/// All that a process says that has heard of some entries.
private struct FuzzRevocations: Equatable {
    /// What it says of one session at some moments.
    private struct Answers: Equatable {
        let verdicts: [RevocationVerdict]
        let closed: [Bool]
        let hasEnded: Bool
        let hasMoved: Bool
        let mayMove: Bool
        let origin: RevocationKey?
        let moved: Set<RevocationKey>
    }

    /// A session is renewed to, or moves to, one of three others that came of no other, so that all are a tree.
    private static let sessions = (0..<40).map { number in
        SessionID(bytes: [UInt8(number)] + [UInt8](repeating: 0xA5, count: SessionID.length - 1)) ?? FuzzSetting.id
    }
    private static let user = "ada"
    /// The last moment at which an entry may be of any use.
    private static let end = 1000

    private let answers: [Answers]
    private let cutoff: Int?

    init(_ entries: some Sequence<RevocationEntry>) {
        let table = Self.table(entries)
        self.answers = Self.sessions.enumerated().map { number, id in Self.answers(of: table, number, id) }
        self.cutoff = table.cutoff(of: RevocationKey(user: Self.user))
    }

    private static func table(_ entries: some Sequence<RevocationEntry>) -> RevocationTable {
        var table = RevocationTable()
        for entry in entries { table.insert(entry, keptUntil: Self.end) }
        return table
    }

    private static func answers(of table: RevocationTable, _ number: Int, _ id: SessionID) -> Answers {
        let cookie = RevocableCookie(
            TokenContents(
                values: number % 8 == 0 ? ["_user_id": .string(Self.user)] : [:], createdAt: nil, signedAt: 0, id: id,
                idMadeAt: number))
        let key = RevocationKey(id)
        return Answers(
            verdicts: [0, 10, 30, 300].map { table.verdict(on: cookie, at: $0, grace: 20, graceOfMove: 10) },
            closed: [false, true].map { table.isClosed(cookie, movingAgain: $0) },
            hasEnded: table.hasEnded(cookie), hasMoved: table.hasMoved(key), mayMove: table.mayMove(key),
            origin: table.origin(of: key), moved: Set(table.moved(with: key)))
    }

    /// What has ended stays ended, and so does all that came of it; and nothing is remembered for ever.
    static func checkEnds(_ entries: [RevocationEntry]) throws {
        var table = Self.table(entries)
        for entry in entries {
            switch entry.fact {
            case .ended(let id): try require(table.hasEnded(id), "a session that has ended goes on")
            case .renewed(let id, let successor, _), .moved(let id, let successor, _):
                try require(!table.hasEnded(id) || table.hasEnded(successor), "what came of an ended session goes on")
            case .userEnded(let user, let cutoff):
                try require(table.cutoff(of: user) ?? -1 >= cutoff, "sessions of a user go on that have all ended")
            }
        }
        let count = table.count
        table.removeExpired(at: Self.end, elapsed: Self.end + 1)
        try require(table.count == count, "an entry is forgotten before its end")
        table.removeExpired(at: Self.end + 256, elapsed: Self.end)
        try require(table.count == count, "an entry is forgotten by one clock alone")
        table.removeExpired(at: Self.end + 256, elapsed: Self.end + 1)
        try require(table.count == 0, "an entry is never forgotten")
    }

    /// An entry: of which kind, about which session, when, and until when.
    static func entry(_ bytes: [Int]) -> RevocationEntry {
        let number = bytes[1] % 13
        let id = RevocationKey(Self.sessions[number])
        let successor = RevocationKey(Self.sessions[3 * number + 1 + bytes[1] / 13 % 3])
        let fact: RevocationEntry.Fact =
            switch bytes[0] % 4 {
            case 0: .ended(RevocationKey(Self.sessions[bytes[1] % Self.sessions.count]))
            case 1: .renewed(id, successor: successor, at: bytes[2])
            case 2: .moved(id, successor: successor, at: bytes[2])
            default: .userEnded(RevocationKey(user: Self.user), cutoff: bytes[2] % Self.sessions.count)
            }
        return RevocationEntry(fact: fact, until: Self.end + bytes[3])
    }
}
