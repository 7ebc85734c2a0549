// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import SessionsSimulationKit
import SessionsSupport

/// What the oracles know of failovers of the store.
struct Failover {
    /// When the last was, in microseconds; -1 if there has been none.
    var at = -1
    /// From when on the replica heard nothing.
    var cutAt = 0
    /// The sessions as they were then.
    var memories: [ObjectIdentifier: LineMemory] = [:]
    /// When another secret had taken a secret's place by then.
    var superseded: [ObjectIdentifier: ClosedRange<Int>] = [:]
    /// The ids of records of which writes were lost, and when.
    var lost: [String: Int] = [:]
}

/// What is known of a session at one moment.
@Simulated
struct LineMemory {
    let used: ClosedRange<Int>
    let began: ClosedRange<Int>
    let latest: Secret?
    let isUncertain: Bool
    let generations: [(generation: Generation, mayHaveEnded: Bool, end: Generation.End?, renewed: ClosedRange<Int>?)]
    /// Requests of which a part may be written later than then.
    let open: [Attempt]

    init(_ line: Line, _ generations: [Generation], open: [Attempt]) {
        self.used = line.used
        self.began = line.began
        self.latest = line.latest
        self.isUncertain = line.isUncertain
        self.generations = generations.filter(\.isAnswered).map { ($0, $0.mayHaveEnded, $0.end, $0.renewed) }
        self.open = open
    }
}

extension Line {
    /// Requests of which a part may be written at this moment or later.
    fileprivate func open(at now: Int) -> [Attempt] {
        let known = self.attempts + self.underWay.filter { new in !self.attempts.contains { $0 === new } }
        return known.filter { $0.mayWriteUntil >= now }
    }
}

/// "A session of which a write was lost is as it was before that write. (…) All other sessions are untouched." (SCALING)
///
/// The store names the records that the failover has changed. Their sessions are known as they were when the replica
/// heard its last; of what was under way then, nothing is known. Each promise is held to that, as to all other sessions
/// without a change.
extension Chronicle {
    /// From now on the replica hears nothing.
    func replicaIsCutOff() {
        self.tell("the replica of the store hears nothing from now on")
        self.failover.cutAt = self.schedule.now
        self.failover.memories = [:]
        for (line, generations) in self.lines {
            self.failover.memories[ObjectIdentifier(line)] = LineMemory(line, generations, open: self.open(line))
        }
        let secrets = self.issues.values.map { (ObjectIdentifier($0.secret), $0.secret.superseded) }
        self.failover.superseded = Dictionary(secrets, uniquingKeysWith: { first, _ in first }).compactMapValues(\.self)
    }

    /// The replica has taken the store's place, and has something else under these ids.
    ///
    /// - Parameter copies: Those of them under which it has lost no more than the copy of a session that lives in the
    ///   other store.
    func failedOver(losing ids: Set<String>, copies: Set<String>) {
        self.tell("the store fails over, and writes of \(ids.count) records are lost")
        self.failover.at = self.schedule.now
        for id in ids { self.failover.lost[id] = self.schedule.now }
        if !ids.isEmpty { self.tally.saw(.failover) }
        if !ids.isEmpty, self.scenario.isOnTheWay { self.tally.saw(.failoverOnTheWay) }
        if self.scenario.kind == .moving { self.loseMoves(losing: ids) }
        for (line, generations) in self.lines {
            if !self.isStored {
                // The process that has ended it knows it all the same.
                for generation in generations where generation.end?.at ?? -1 >= self.failover.cutAt {
                    generation.end?.isLost = true
                }
                for generation in generations where generation.answeredAt >= self.failover.cutAt {
                    generation.isOriginLost = true
                }
            } else if !line.records.isDisjoint(with: ids) {
                // A request that is under way may be about to move the session to that copy.
                if line.records.isDisjoint(with: ids.subtracting(copies)), self.open(line).isEmpty {
                    self.tally.saw(.lostCopy)
                } else {
                    self.lose(line, generations)
                }
            }
        }
        self.failover.memories = [:]
    }

    var lines: [(Line, [Generation])] {
        let all = Dictionary(grouping: self.generations) { ObjectIdentifier($0.line) }
        return all.values.sorted { $0[0].number < $1[0].number }.map { ($0[0].line, $0) }
    }

    /// The session is again what it was.
    private func lose(_ line: Line, _ generations: [Generation]) {
        let open = self.open(line)
        line.lostAt = self.schedule.now
        // Who waits for its end need not wait any more.
        line.requestCount += 1
        self.loseUpdates(of: line)
        self.restore(line, generations)
        if self.scenario.kind == .migrating { self.noteTwice(line) }
        guard !open.isEmpty else { return }
        // What these have read is gone, or what they have written; the rest they write to what is there now. "A request
        // that was on its way may take back what another has written since." (SCALING)
        line.late += open
        for attempt in open { attempt.metFailover = true }
        line.isUncertain = true
        self.doubt(line)
    }

    /// "Or it is there twice" (MIGRATING), and a write to one of the two may end the other.
    func noteTwice(_ line: Line) {
        line.mayBeTwice = true
        line.isUncertain = true
        self.doubt(line)
        for heir in line.heirs { self.noteTwice(heir) }
    }

    /// Requests of which a part may yet be written to its record, which may be that of another session, too: one whose
    /// user was taken out.
    private func open(_ line: Line) -> [Attempt] {
        let all = self.lines.map(\.0).filter { $0 === line || !$0.records.isDisjoint(with: line.records) }
        return all.flatMap { $0.open(at: self.schedule.now) }
    }

    private func loseUpdates(of line: Line) {
        let cut = self.failover.cutAt
        let isLost = line.counters.values.contains { $0.answered.contains { $0 >= cut } }
        if isLost || line.entries.contains(where: { $0.at >= cut }) { self.tally.saw(.lostUpdate) }
        for key in line.counters.keys { line.counters[key]?.answered.removeAll { $0 >= cut } }
        line.entries.removeAll { $0.at >= cut }
    }

    private func restore(_ line: Line, _ generations: [Generation]) {
        let memory = self.failover.memories[ObjectIdentifier(line)]
        for generation in generations {
            let before = memory?.generations.first { $0.generation === generation }
            generation.isBack = generation.end != nil && before != nil && before?.end == nil
            generation.end = before?.end
            generation.renewed = before?.renewed
            let mayEndYet = generation.mayHaveEnded && self.mayBeEndedYet(generation)
            generation.mayHaveEnded = (before?.mayHaveEnded ?? true) || mayEndYet
        }
        for issue in self.issues.values where issue.generation.line === line {
            issue.secret.superseded = self.failover.superseded[ObjectIdentifier(issue.secret)]
        }
        guard let memory else {
            line.isLost = true
            line.isUncertain = true
            return
        }
        line.used = memory.used.lowerBound...max(memory.used.upperBound, line.used.upperBound)
        line.began =
            min(memory.began.lowerBound, line.began.lowerBound)...max(memory.began.upperBound, line.began.upperBound)
        line.latest = memory.latest
        line.isUncertain = memory.isUncertain
        for attempt in memory.open {
            if attempt.isDangerous { self.doubt(line) }
            if attempt.deed.renews || self.scenario.renewalInterval != nil { line.isUncertain = true }
        }
    }

    /// Whether a call that ends all sessions of its user, or a sign-in over the limit, goes on after the failover.
    private func mayBeEndedYet(_ generation: Generation) -> Bool {
        guard let user = generation.user else { return false }
        return self.sweeps.contains { $0.user == user && $0.endedAt == nil }
            || self.generations.contains { other in
                other.user == user && other.line !== generation.line
                    && other.line.open(at: self.schedule.now).contains { $0.next === other }
            }
    }

    // MARK: - Since

    /// What another process is told of it may be lost: it came before the failover, and was answered since.
    func mayBeLost(_ attempt: Attempt) -> Bool { !self.isStored && attempt.beganAt < self.failover.at }

    /// Whether what a request has written may be taken back by one from before a failover.
    func mayBeOverwritten(_ line: Line, by attempt: Attempt) -> Bool {
        let commit = attempt.commitsAt ?? 0
        return line.mayBeTwice || line.late.contains { $0.mayWriteUntil >= commit }
    }

    /// Whether a session may be there after a sign-out because of a failover before.
    ///
    /// Where the user was taken out, the record goes on, and what has taken them out is a write like any other. A session
    /// that is there twice a sign-out ends "if both stores can be reached and no other request moves one of them at that
    /// moment", by a server that knows both. (MIGRATING)
    func mayStay(_ attempt: Attempt, hadFault: Bool) -> Bool {
        guard let line = attempt.seen?.line, let process = attempt.process else { return false }
        if attempt.deed == .removeUser { return self.mayBeOverwritten(line, by: attempt) }
        guard self.scenario.kind == .migrating, line.mayBeTwice else { return false }
        let begin = attempt.commitsAt ?? 0
        let isAlone = line.attempts.allSatisfy { $0 === attempt || $0.leftAt ?? .max < begin }
        return hadFault || !isAlone || !process.knowsBothStores
    }

    /// "The bytes in front of the signature are the id and the secret." (FORMATS)
    func noteRecord(in cookie: String, _ line: Line, _ attempt: Attempt) {
        guard self.isStored || Self.isTicket(cookie), let begin = cookie.utf8.firstIndex(of: UInt8(ascii: "=")) else {
            return
        }
        let text = cookie.utf8[begin...].dropFirst().prefix { $0 != UInt8(ascii: ".") }
        guard let bytes = Base64.decodeURLSafe(Array(text)[...]) else { return }
        let id = Hex.text(Array(bytes.prefix(16)))
        line.records.insert(id)
        guard let lostAt = self.failover.lost[id], attempt.beganAt < lostAt, line.lostAt != lostAt else { return }
        // It was begun by a request that was under way.
        line.lostAt = lostAt
        line.isUncertain = true
        self.doubt(line)
        if self.scenario.isOnTheWay { self.noteTwice(line) }
    }

    func noteLoss(_ attempt: Attempt) {
        if attempt.seen?.isBack == true { self.tally.saw(.lostEnd) }
        if attempt.seen == nil, attempt.presented?.generation.line.isLost == true { self.tally.saw(.lostSession) }
    }
}
