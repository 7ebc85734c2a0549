// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import DequeModule

/// What a process remembers of sessions that have ended, each for as long as a token of it could be good.
///
/// All entries of all processes may be put in, in any order and more than once: the result is the same.
struct RevocationTable: Sendable {
    private struct Status: Sendable {
        var retention: RevocationRetention
        var hasEnded = false
        /// When the session went on under another id.
        var renewedAt: Int?
        /// When it went on in a store.
        var movedAt: Int?
        /// The last of both.
        var wentOnAt = Int.min
        /// More than one when two processes renewed it before they knew of each other.
        private(set) var successors: [RevocationKey] = []
        /// The same where there are many, as other processes' entries may say: to look through a list each time would
        /// take time by the square of their number. Few need no room for a set.
        private var known: Set<RevocationKey> = []
        private static let few = 8

        init(retention: RevocationRetention) {
            self.retention = retention
        }

        /// Whether it has moved and not been renewed since, so that a request may still come with its cookie.
        var isReadable: Bool { !self.hasEnded && self.renewedAt == nil && self.movedAt != nil }

        /// Notes a successor, once.
        mutating func add(_ successor: RevocationKey) {
            guard self.successors.count >= Self.few else {
                if !self.successors.contains(successor) { self.successors.append(successor) }
                return
            }
            if self.known.isEmpty { self.known = Set(self.successors) }
            if self.known.insert(successor).inserted { self.successors.append(successor) }
        }
    }

    private struct Cutoff: Sendable {
        var cutoff: Int
        var retention: RevocationRetention
    }

    private var statuses: [RevocationKey: Status] = [:]
    private var cutoffs: [RevocationKey: Cutoff] = [:]
    /// The id that each session in a store had before it moved there.
    private var origins: [RevocationKey: RevocationKey] = [:]
    /// In the order of their coming, which is nearly that of their ends.
    private var queue = Deque<(retention: RevocationRetention, key: RevocationKey)>()

    var count: Int { self.statuses.count + self.cutoffs.count }

    // MARK: - Judging

    /// - Parameters:
    ///   - now: The millisecond.
    ///   - grace: For how many milliseconds after its renewal an id is no sign of theft.
    ///   - graceOfMove: For how many milliseconds an id is read after its session has moved and not been renewed since.
    func verdict(on cookie: RevocableCookie, at now: Int, grace: Int, graceOfMove: Int) -> RevocationVerdict {
        if self.cutoff(reaching: cookie) != nil { return .revoked }
        guard let status = cookie.id.flatMap({ self.statuses[$0] }) else { return .live }
        guard !status.hasEnded else { return .revoked }
        if let renewedAt = status.renewedAt { return now <= renewedAt + grace ? .revoked : .replayed }
        // It is no sign of theft: a browser that the response did not reach comes with it.
        return status.movedAt.map { now <= $0 + graceOfMove } ?? false ? .live : .revoked
    }

    /// Whether the session has ended, rather than gone on under another id. The one that has ended all others of its
    /// user goes on later than that; what went on earlier has ended with them.
    func hasEnded(_ cookie: RevocableCookie) -> Bool {
        let status = cookie.id.flatMap { self.statuses[$0] }
        if status?.hasEnded ?? false { return true }
        return self.cutoff(reaching: cookie).map { status?.wentOnAt ?? .min <= $0 } ?? false
    }

    /// Whether nothing may be written under this id any more.
    func isClosed(_ cookie: RevocableCookie, movingAgain: Bool = false) -> Bool {
        if self.cutoff(reaching: cookie) != nil { return true }
        guard let status = cookie.id.flatMap({ self.statuses[$0] }) else { return false }
        return !movingAgain || !status.isReadable
    }

    /// A client that takes no cookie moves its session with every request, and must not fill the memory.
    func mayMove(_ id: RevocationKey) -> Bool { (self.statuses[id]?.successors.count ?? 0) < 64 }

    /// Whether the session went on in a store and has not been renewed since, so that a request may still come with its
    /// cookie.
    func hasMoved(_ id: RevocationKey) -> Bool { self.statuses[id]?.isReadable ?? false }

    func hasEnded(_ id: RevocationKey) -> Bool { self.statuses[id]?.hasEnded ?? false }

    /// The last millisecond of the user's sessions that have ended.
    func cutoff(of user: RevocationKey) -> Int? { self.cutoffs[user]?.cutoff }

    /// The id from which a session in a store came, while a request with it may still read.
    func origin(of stored: RevocationKey) -> RevocationKey? {
        self.origins[stored].flatMap { self.statuses[$0]?.isReadable == true ? $0 : nil }
    }

    /// The sessions in a store that came of one cookie: of this one, or of the one that this session came in.
    func moved(with id: RevocationKey) -> [RevocationKey] {
        let successors = self.statuses[self.origins[id] ?? id]?.successors ?? []
        return successors.filter { self.origins[$0] != nil }
    }

    /// The last millisecond of the user's sessions that have ended, where this is one of them.
    private func cutoff(reaching cookie: RevocableCookie) -> Int? {
        // Most of the time no user's sessions have all been ended, and no user need be hashed.
        guard !self.cutoffs.isEmpty, let user = cookie.user.map(RevocationKey.init(user:)),
            let cutoff = self.cutoffs[user]?.cutoff
        else { return nil }
        return cookie.madeAt <= cutoff && cutoff > cookie.exemption ?? -1 ? cutoff : nil
    }

    // MARK: - Remembering

    /// - Parameter elapsed: How much time must have passed, by ``SessionClock/elapsed``, before the entry may be
    ///   forgotten, whatever the wall clock shows; in milliseconds. To hear an entry again does not lengthen it.
    mutating func insert(_ entry: RevocationEntry, keptUntil elapsed: Int) {
        let retention = RevocationRetention(until: entry.until, elapsed: elapsed)
        switch entry.fact {
        case .ended(let id): self.end(id, retention)
        case .renewed(let id, let successor, let at):
            self.goOn(id, under: successor, at, retention) { $0.renewedAt = min(at, $0.renewedAt ?? at) }
        case .moved(let id, let successor, let at):
            self.goOn(id, under: successor, at, retention) { $0.movedAt = min(at, $0.movedAt ?? at) }
            self.origins[successor] = id
            if let status = self.statuses[successor], status.hasEnded {
                self.end(id, retention.extended(to: status.retention))
            }
        case .userEnded(let user, let cutoff):
            let known = self.cutoffs[user] ?? Cutoff(cutoff: cutoff, retention: .none)
            let longer = known.retention.extended(to: retention)
            self.cutoffs[user] = Cutoff(cutoff: max(cutoff, known.cutoff), retention: longer)
            if retention.until > known.retention.until { self.queue.append((retention, user)) }
        }
    }

    /// Logging out wins over a renewal, whichever comes to be known first. A session that has moved ends with all that
    /// came of its cookie.
    private mutating func end(_ id: RevocationKey, _ retention: RevocationRetention) {
        var ending = [id]
        while let next = ending.popLast() {
            var status = self.takeStatus(of: next, retention)
            let relatives = status.hasEnded ? [] : status.successors + [self.origins[next]].compactMap(\.self)
            status.hasEnded = true
            self.statuses[next] = status
            ending += relatives
        }
    }

    private mutating func goOn(
        _ id: RevocationKey, under successor: RevocationKey, _ at: Int, _ retention: RevocationRetention,
        _ change: (inout Status) -> Void
    ) {
        var status = self.takeStatus(of: id, retention)
        change(&status)
        status.wentOnAt = max(status.wentOnAt, at)
        status.add(successor)
        self.statuses[id] = status
        if status.hasEnded { self.end(successor, retention.extended(to: status.retention)) }
    }

    /// What is known of an id, to be remembered at least so long. It is taken out of the table: a change of what stayed
    /// there too would copy all successors.
    private mutating func takeStatus(of id: RevocationKey, _ retention: RevocationRetention) -> Status {
        var status = self.statuses.removeValue(forKey: id) ?? Status(retention: .none)
        if retention.until > status.retention.until {
            status.retention = status.retention.extended(to: retention)
            self.queue.append((status.retention, id))
        }
        return status
    }

    /// Forgets what no token can be about any more: the wall clock is past its end, and as much time has passed.
    ///
    /// - Parameters:
    ///   - now: The millisecond by the wall clock.
    ///   - elapsed: The millisecond by ``SessionClock/elapsed``.
    mutating func removeExpired(at now: Int, elapsed: Int) {
        while let first = self.queue.first, first.retention.isOver(at: now, elapsed: elapsed) {
            self.queue.removeFirst()
            if let status = self.statuses[first.key], status.retention.isOver(at: now, elapsed: elapsed) {
                for successor in status.successors { self.origins[successor] = nil }
                self.statuses[first.key] = nil
            }
            let cutoff = self.cutoffs[first.key]?.retention
            if cutoff?.isOver(at: now, elapsed: elapsed) ?? false { self.cutoffs[first.key] = nil }
        }
    }
}
