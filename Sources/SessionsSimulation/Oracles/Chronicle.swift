// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import SessionsSimulationKit

/// What the requests and their answers tell of every session. The oracles compare it with what the next request finds.
///
/// It knows nothing of the product's insides: only what was sent, what was answered, and what a handler saw.
@Simulated
final class Chronicle {
    let scenario: Scenario
    let schedule: Schedule
    let tally: Tally
    private(set) var findings: [Finding] = []
    private(set) var story: [String] = []
    private let tells: Bool
    var generations: [Generation] = []
    var issues: [String: Issue] = [:]
    var sweeps: [Sweep] = []
    private(set) var attemptCount = 0
    /// What is known of failovers of the store.
    var failover = Failover()

    init(_ scenario: Scenario, _ schedule: Schedule, _ tally: Tally, tells: Bool) {
        self.scenario = scenario
        self.schedule = schedule
        self.tally = tally
        self.tells = tells
    }

    var idle: Int { Int(self.scenario.idle.components.seconds) * 1000 }
    var grace: Int { Int(self.scenario.grace.components.seconds) * 1000 }
    var absolute: Int? { self.scenario.absolute.map { Int($0.components.seconds) * 1000 } }
    /// The timeouts of a session, which may be its own.
    func idle(of line: Line) -> Int {
        self.scenario.own(ofVisitor: line.owner).map { Int($0.idle.components.seconds) * 1000 } ?? self.idle
    }
    func absolute(of line: Line) -> Int? {
        guard let own = self.scenario.own(ofVisitor: line.owner) else { return self.absolute }
        return own.absolute.map { Int($0.components.seconds) * 1000 }
    }
    /// When the absolute timeout of a session began, no earlier and no later. Of one cookie several sessions may come,
    /// each with a beginning of its own; a record in a store has one.
    func began(of generation: Generation) -> ClosedRange<Int> {
        self.isStored ? generation.line.began : generation.began
    }
    /// The clock until which the absolute timeout surely lets a session live.
    func latestEnd(of generation: Generation) -> Int {
        self.absolute(of: generation.line).map { self.began(of: generation).lowerBound + $0 } ?? 1 << 60
    }
    /// How old what a replica says may be, in microseconds.
    var lag: Int { self.scenario.faults.lag * 1000 }
    /// After how long every process knows what is on the list of revocations, in microseconds.
    var staleness: Int { Int(self.scenario.staleness.components.seconds) * 1_000_000 }
    /// What the clock shows that is furthest ahead: by it another process may have purged what has expired.
    var latestClock: Int { self.latestClock(at: self.schedule.now) }
    func latestClock(at time: Int) -> Int { Scenario.epoch + self.scenario.clocks.upperBound + time / 1000 }
    /// Whether the contents of sessions are in a store from the beginning to the end, where no update is lost.
    var isStored: Bool { [.stored, .migrating].contains(self.scenario.kind) }

    // MARK: - Telling

    func found(_ promise: Promise, _ text: String) {
        self.findings.append(Finding(promise: promise, text: text, at: self.schedule.now))
        self.tell("NOT KEPT: \(promise.rawValue) \(text)")
    }

    /// Holds the product to a promise.
    func check(_ promise: Promise, _ isKept: Bool, _ text: @autoclosure () -> String) {
        self.tally.checked(promise)
        if !isKept { self.found(promise, text()) }
    }

    func tell(_ text: @autoclosure () -> String) {
        guard self.tells else { return }
        let (seconds, rest) = self.schedule.now.quotientAndRemainder(dividingBy: 1_000_000)
        let fraction = String(rest + 1_000_000).dropFirst()
        self.story.append("\(seconds).\(fraction)  \(text())")
    }

    // MARK: - Requests

    func begin(_ attempt: Attempt, in process: any ObservedProcess) {
        self.attemptCount += 1
        self.tally.requestCame()
        attempt.begin(self.attemptCount, in: process, at: self.schedule.now)
        self.schedule.note(UInt64(attempt.number) << 8 | UInt64(process.number))
        attempt.presented = attempt.isForged ? nil : attempt.cookie.flatMap { self.issues[$0] }
        if let line = attempt.presented?.generation.line {
            attempt.mayBeReplay = self.mayBeReplay(attempt)
            line.underWay.append(attempt)
            let used = self.isStored ? line.used : attempt.presented?.used ?? line.used
            attempt.earliestEnd = min(
                used.lowerBound + self.idle(of: line),
                attempt.presented.map { self.latestEnd(of: $0.generation) } ?? .max)
            line.requestCount += 1
        }
        self.tell(
            """
            request \(attempt.number) (\(attempt.isThief ? "a thief with a copy of " : "")visitor \(attempt.visitor), \
            \(attempt.deed)) comes to process \(process.number) \(self.words(for: attempt))
            """)
    }

    private func words(for attempt: Attempt) -> String {
        guard attempt.cookie != nil else { return "without a cookie" }
        return attempt.presented.map { "with a cookie of session \($0.generation.number)" } ?? "with an unknown cookie"
    }

    /// The request has been answered, or will never be.
    func leave(_ attempt: Attempt) {
        attempt.leftAt = self.schedule.now
        if let line = attempt.presented?.generation.line { line.underWay.removeAll { $0 === attempt } }
    }

    /// What a request of this process finds when its handler first looks.
    func opened(_ attempt: Attempt, _ sight: Sight, hadFault: Bool) {
        let known = sight.tag.flatMap { self.generations.indices.contains($0) ? self.generations[$0] : nil }
        attempt.seen = known
        known?.line.attempts.append(attempt)
        attempt.expiresAt = sight.expiresAt
        known?.id = sight.id
        if self.isStored || attempt.presented?.isTicket == true, let id = sight.id { known?.line.records.insert(id) }
        if !self.isStored { attempt.found = sight.updates }
        self.schedule.note(UInt64(bitPattern: Int64(sight.tag ?? -1)))
        self.tell("request \(attempt.number) finds \(known.map { "session \($0.number)" } ?? "no session")")
        self.checkOwnership(attempt, sight)
        self.checkEnds(attempt)
        self.checkUpdates(attempt, sight)
        self.checkContents(attempt)
        self.checkTimes(attempt)
        self.noteClockChange(attempt)
        self.noteLoss(attempt)
        self.noteReplay(attempt, hadFault: hadFault)
        // An anonymous visitor of a site whose store cannot be reached sees an empty session.
        if !(hadFault && self.scenario.isAnonymousInOutage) { self.checkThatItLives(attempt) }
    }

    /// The browser that has sent the request has its answer.
    func heard(_ attempt: Attempt) { attempt.heardAt = self.schedule.now }

    func commits(_ attempt: Attempt) {
        attempt.commitsAt = self.schedule.now
        attempt.commitClock = attempt.process?.clock ?? 0
        attempt.keyAtCommit = attempt.process?.keys.current ?? 0
    }

    // MARK: - What a handler does

    /// A session that begins with this request.
    func begins(_ attempt: Attempt, user: String?) -> Generation {
        let line = Line(owner: attempt.visitor, at: attempt.arrival)
        line.attempts.append(attempt)
        let generation = self.add(attempt, line, user: user, isProof: true)
        if attempt.deed == .removeUser, let origin = attempt.seen?.line {
            line.origin = origin
            line.mayBeTwice = origin.mayBeTwice
            origin.heirs.append(line)
        }
        if let seen = attempt.seen, self.isRenewal(attempt) { seen.children.append(generation) }
        return generation
    }

    /// Whether the session that a request has found goes on under another secret or id.
    ///
    /// Where sessions are in cookies, taking the user out of one renews its id: what another process has made of it
    /// meanwhile goes on.
    func isRenewal(_ attempt: Attempt) -> Bool {
        attempt.deed.renews && (!attempt.endsSession || (attempt.deed == .removeUser && !self.isStored))
    }

    /// The session goes on with another secret.
    func goesOn(_ attempt: Attempt, user: String?) -> Generation {
        guard let seen = attempt.seen else { return self.begins(attempt, user: user) }
        let isProof =
            [.signIn, .revokeOthers].contains(attempt.deed) || (attempt.deed == .reauthenticate && user != nil)
        let generation = self.add(attempt, seen.line, user: user, isProof: isProof)
        if !isProof { generation.provedAt = seen.provedAt }
        seen.children.append(generation)
        return generation
    }

    private func add(_ attempt: Attempt, _ line: Line, user: String?, isProof: Bool) -> Generation {
        let generation = Generation(
            self.generations.count, of: line, user: user, isProof: isProof, provedAt: attempt.process?.clock ?? 0,
            began: attempt.seen?.began ?? line.began)
        self.generations.append(generation)
        attempt.next = generation
        self.noteLimit(over: generation)
        return generation
    }

    func counts(_ attempt: Attempt, _ key: String) {
        guard let line = (attempt.next ?? attempt.seen)?.line else { return }
        line.counters[key, default: .init()].possible += 1
        attempt.counted.append(key)
    }

    func sets(_ attempt: Attempt, _ key: String) {
        attempt.entered.append(key)
        (attempt.next ?? attempt.seen)?.line.entryCount += 1
    }

    func setCount(_ attempt: Attempt) -> Int { (attempt.next ?? attempt.seen)?.line.entryCount ?? 0 }

    /// Takes apart what refers to each other in circles.
    func close() {
        for generation in self.generations {
            generation.children = []
            generation.line.latest = nil
            generation.line.underWay = []
            generation.line.attempts = []
            generation.line.heirs = []
            generation.line.late = []
        }
        self.failover = Failover()
        self.sweeps = []
        self.issues = [:]
    }
}
