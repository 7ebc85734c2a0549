// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

/// Somebody who visits the site of a ``MigrationStory`` and remembers what the session must hold.
struct StoryVisitor: Sendable {
    let number: Int
    private(set) var requests = 0
    private var cookie: String?
    private var count = 0
    private var user: String?
    /// Cookies that must open nothing any more.
    private var ended: [String] = []
    private var roundsAsleep = 0

    init(number: Int) {
        self.number = number
    }

    mutating func act(on story: MigrationStory) async throws {
        guard self.cookie != nil else { return try await self.begin(on: story) }
        if self.roundsAsleep < 8, Int.random(in: 0..<3) == 0 {
            self.roundsAsleep += 1
            return
        }
        self.roundsAsleep = 0
        switch Int.random(in: 0..<10) {
        case 0..<4: try await self.look(on: story)
        case 4..<8: try await self.count(on: story)
        case 8: try await self.signIn(on: story)
        default: try await self.signOut(on: story)
        }
        try await self.tryEndedCookie(on: story)
    }

    // MARK: - Requests

    private mutating func begin(on story: MigrationStory) async throws {
        let number = self.number
        self.count = 0
        self.user = nil
        try await self.request(on: story) { session in
            session["visitor"] = .int(number)
            session["count"] = 0
        }
    }

    private mutating func look(on story: MigrationStory) async throws {
        try await self.request(on: story) { _ in }
    }

    /// Two requests at once, at two servers perhaps.
    private mutating func count(on story: MigrationStory) async throws {
        guard let first = story.anyServer, let second = story.anyServer, let cookie = self.cookie else { return }
        let sessions = [try await first.open([cookie]), try await second.open([cookie])]
        for session in sessions {
            self.expectValues(of: session, on: story)
            session.update("count", default: 0) { $0 += 1 }
        }
        async let one = first.commit(sessions[0])
        async let other = second.commit(sessions[1])
        _ = try await [one, other]
        self.count += 2
        self.requests += 2
    }

    private mutating func signIn(on story: MigrationStory) async throws {
        let before = self.cookie
        let user = "user \(self.requests)"
        try await self.request(on: story) { session in
            session.renew()
            session["user"] = .string(user)
        }
        self.user = user
        if let before { self.ended.append(before) }
    }

    private mutating func signOut(on story: MigrationStory) async throws {
        let before = self.cookie
        try await self.request(on: story) { $0.destroy() }
        if self.cookie != nil { story.report("visitor \(self.number) still has a cookie after signing out") }
        if let before { self.ended.append(before) }
        try await self.begin(on: story)
    }

    private mutating func tryEndedCookie(on story: MigrationStory) async throws {
        guard let cookie = self.ended.suffix(20).randomElement(), let server = story.anyServer else { return }
        if !(try await server.open([cookie]).entries.isEmpty) {
            story.report("a cookie of visitor \(self.number) that had ended opens a session")
        }
    }

    private mutating func request(on story: MigrationStory, _ body: (Session) -> Void) async throws {
        guard let server = story.anyServer else { return }
        let session = try await server.open(self.cookie.map { [$0] } ?? [])
        if self.cookie != nil { self.expectValues(of: session, on: story) }
        body(session)
        let headers = try await server.commit(session)
        self.requests += 1
        guard let pair = headers.setCookie?.prefix(while: { $0 != ";" }) else { return }
        self.cookie = pair.hasSuffix("=") ? nil : String(pair)
    }

    private func expectValues(of session: Session, on story: MigrationStory) {
        let found = (session["visitor"], session["count"], session["user"])
        let expected: (SessionValue?, SessionValue?, SessionValue?) =
            (.int(self.number), .int(self.count), self.user.map(SessionValue.string))
        if found != expected { story.report("visitor \(self.number) finds \(found), and expects \(expected)") }
    }
}
