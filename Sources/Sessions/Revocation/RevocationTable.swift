// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import DequeModule

/// What a process remembers of sessions that have ended, each for as long as a token of it could be good.
///
/// All entries of all processes may be put in, in any order and more than once: the result is the same.
struct RevocationTable: Sendable {
    private struct Fate: Sendable {
        var retention: RevocationRetention
        var hasEnded = false
        /// When the session went on under another id.
        var renewedAt: Int?
        /// When it went on in a store.
        var movedAt: Int?
        /// More than one when two processes renewed it before they knew of each other.
        var successors: [RevocationKey] = []

        /// Whether it has moved and not been renewed since, so that a request may still come with its cookie.
        var isReadable: Bool { !self.hasEnded && self.renewedAt == nil && self.movedAt != nil }
    }

    private struct Mark: Sendable {
        var mark: Int
        var retention: RevocationRetention
    }

    private var fates: [RevocationKey: Fate] = [:]
    private var marks: [RevocationKey: Mark] = [:]
    /// The id that each session in a store had before it moved there.
    private var arrivals: [RevocationKey: RevocationKey] = [:]
    /// In the order of their coming, which is nearly that of their ends.
    private var queue = Deque<(retention: RevocationRetention, key: RevocationKey)>()

    var count: Int { self.fates.count + self.marks.count }

    // MARK: - Judging

    /// - Parameters:
    ///   - now: The millisecond.
    ///   - grace: For how many milliseconds after its renewal an id is no sign of theft.
    ///   - graceOfMove: For how many milliseconds an id is read after its session has moved and not been renewed since.
    func verdict(on bearer: RevocationBearer, at now: Int, grace: Int, graceOfMove: Int) -> RevocationVerdict {
        if self.isMarked(bearer) { return .revoked }
        guard let fate = bearer.id.flatMap({ self.fates[$0] }) else { return .live }
        guard !fate.hasEnded else { return .revoked }
        if let renewedAt = fate.renewedAt { return now <= renewedAt + grace ? .revoked : .replayed }
        // It is no sign of theft: a browser that the response did not reach comes with it.
        return fate.movedAt.map { now <= $0 + graceOfMove } ?? false ? .live : .revoked
    }

    /// Whether the session has ended, rather than gone on under another id.
    func hasEnded(_ bearer: RevocationBearer) -> Bool {
        self.isMarked(bearer) || bearer.id.flatMap { self.fates[$0]?.hasEnded } ?? false
    }

    /// Whether nothing may be written under this id any more.
    func isClosed(_ bearer: RevocationBearer, movingAgain: Bool = false) -> Bool {
        if self.isMarked(bearer) { return true }
        guard let fate = bearer.id.flatMap({ self.fates[$0] }) else { return false }
        return !movingAgain || !fate.isReadable
    }

    /// A client that takes no cookie moves its session with every request, and must not fill the memory.
    func mayMove(_ id: RevocationKey) -> Bool { (self.fates[id]?.successors.count ?? 0) < Self.maximumMoves }

    private static let maximumMoves = 64

    func hasEnded(_ id: RevocationKey) -> Bool { self.fates[id]?.hasEnded ?? false }

    /// The last millisecond of the user's sessions that have ended.
    func mark(of user: RevocationKey) -> Int? { self.marks[user]?.mark }

    /// The id from which a session in a store came, while a request with it may still read.
    func origin(of stored: RevocationKey) -> RevocationKey? {
        self.arrivals[stored].flatMap { self.fates[$0]?.isReadable == true ? $0 : nil }
    }

    /// The sessions in a store that came of one cookie: of this one, or of the one that this session came in.
    func moved(with id: RevocationKey) -> [RevocationKey] {
        let successors = self.fates[self.arrivals[id] ?? id]?.successors ?? []
        return successors.filter { self.arrivals[$0] != nil }
    }

    private func isMarked(_ bearer: RevocationBearer) -> Bool {
        // Most of the time no user's sessions have all been ended, and no user need be hashed.
        guard !self.marks.isEmpty, let user = bearer.user.map(RevocationKey.init(user:)),
            let mark = self.marks[user]?.mark
        else { return false }
        return bearer.madeAt <= mark && mark > bearer.exemption ?? -1
    }

    // MARK: - Remembering

    /// - Parameter elapsed: How much time must have passed, by ``SessionClock/elapsed``, before the entry may be
    ///   forgotten, whatever the wall clock shows; in milliseconds. To hear an entry again does not lengthen it.
    mutating func insert(_ entry: RevocationEntry, keptUntil elapsed: Int) {
        let retention = RevocationRetention(until: entry.until, elapsed: elapsed)
        switch entry.fact {
        case .ended(let id): self.end(id, retention)
        case .renewed(let id, let successor, let at):
            self.leave(id, for: successor, retention) { $0.renewedAt = min(at, $0.renewedAt ?? at) }
        case .moved(let id, let successor, let at):
            self.leave(id, for: successor, retention) { $0.movedAt = min(at, $0.movedAt ?? at) }
            self.arrivals[successor] = id
            if let fate = self.fates[successor], fate.hasEnded { self.end(id, retention.extended(to: fate.retention)) }
        case .userEnded(let user, let mark):
            let known = self.marks[user] ?? Mark(mark: mark, retention: .none)
            self.marks[user] = Mark(mark: max(mark, known.mark), retention: known.retention.extended(to: retention))
            if retention.until > known.retention.until { self.queue.append((retention, user)) }
        }
    }

    /// Logging out wins over a renewal, whichever comes to be known first. A session that has moved ends with all that
    /// came of its cookie.
    private mutating func end(_ id: RevocationKey, _ retention: RevocationRetention) {
        var ending = [id]
        while let next = ending.popLast() {
            var fate = self.fate(of: next, retention)
            let relatives = fate.hasEnded ? [] : fate.successors + [self.arrivals[next]].compactMap(\.self)
            fate.hasEnded = true
            self.fates[next] = fate
            ending += relatives
        }
    }

    private mutating func leave(
        _ id: RevocationKey, for successor: RevocationKey, _ retention: RevocationRetention,
        _ change: (inout Fate) -> Void
    ) {
        var fate = self.fate(of: id, retention)
        change(&fate)
        if !fate.successors.contains(successor) { fate.successors.append(successor) }
        self.fates[id] = fate
        if fate.hasEnded { self.end(successor, retention.extended(to: fate.retention)) }
    }

    /// What is known of an id, to be remembered at least so long.
    private mutating func fate(of id: RevocationKey, _ retention: RevocationRetention) -> Fate {
        var fate = self.fates[id] ?? Fate(retention: .none)
        if retention.until > fate.retention.until {
            fate.retention = fate.retention.extended(to: retention)
            self.queue.append((fate.retention, id))
        }
        return fate
    }

    /// Forgets what no token can be about any more: the wall clock is past its end, and as much time has passed.
    ///
    /// - Parameters:
    ///   - now: The millisecond by the wall clock.
    ///   - elapsed: The millisecond by ``SessionClock/elapsed``.
    mutating func removeExpired(at now: Int, elapsed: Int) {
        while let first = self.queue.first, first.retention.isOver(at: now, elapsed: elapsed) {
            self.queue.removeFirst()
            if let fate = self.fates[first.key], fate.retention.isOver(at: now, elapsed: elapsed) {
                for successor in fate.successors { self.arrivals[successor] = nil }
                self.fates[first.key] = nil
            }
            if let mark = self.marks[first.key], mark.retention.isOver(at: now, elapsed: elapsed) {
                self.marks[first.key] = nil
            }
        }
    }
}
