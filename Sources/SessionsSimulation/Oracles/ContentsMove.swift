// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import SessionsSimulationKit

/// "A cookie that is not a ticket of the store, but valid in one of the accepted formats, opens a session with its
/// contents. The response moves it into the store and replaces the cookie, whether the request changed anything or
/// not." (MIGRATING)
extension Chronicle {
    /// A ticket has one dot, sealed cookies have none, and others two or three. (FORMATS)
    nonisolated static func isTicket(_ cookie: String) -> Bool { cookie.utf8.count { $0 == UInt8(ascii: ".") } == 1 }

    /// What a request finds is what its cookie was set with. A session in a store goes on there: it has that at least.
    func checkContents(_ attempt: Attempt) {
        guard let found = attempt.found, let presented = attempt.presented, attempt.seen === presented.generation
        else { return }
        if !presented.isTicket, !self.scenario.canRevoke, presented.generation.line.hasMoved {
            self.tally.saw(.oldCookieAgain)
        }
        guard let held = presented.contents else { return }
        let isThere =
            presented.isTicket
            ? held.entries.isSubset(of: found.entries) && held.counters.allSatisfy { found.counters[$0] ?? 0 >= $1 }
            : held == found
        self.check(
            .contentsMove, isThere,
            """
            Request \(attempt.number) brings a cookie of session \(presented.generation.number) with \(held), \
            and finds \(found).
            """)
    }

    /// Where the session of an answered request is now.
    func checkMove(_ attempt: Attempt, _ cookie: String?) {
        guard self.scenario.kind == .moving, !attempt.hasDropped, !attempt.deed.ends, !attempt.wasDoubtful,
            let presented = attempt.presented, let seen = attempt.seen, seen === presented.generation,
            let process = attempt.process, !seen.line.isUncertain, !seen.line.isInDanger(besides: attempt)
        else { return }
        let isInStore = cookie.map(Self.isTicket)
        if process.movesSessions, !presented.isTicket {
            self.check(
                .contentsMove, isInStore == true,
                "Request \(attempt.number) finds a session in a cookie, and its answer does not move it.")
        } else if let isInStore, presented.isTicket || !self.scenario.canRevoke {
            // "In the first step a server begins new sessions in cookies, and leaves each session where it is."
            // (MIGRATING) A sealed one of which the list says that it has moved moves once more.
            self.check(
                .contentsMove, isInStore == presented.isTicket,
                "Request \(attempt.number) finds a session, and its answer does not leave it where it is.")
        }
    }

    /// A cookie goes to the browser of a request: what leads to its session, or what it holds.
    func noteContents(_ issue: Issue, _ attempt: Attempt, _ commit: ClosedRange<Int>) {
        issue.contents = issue.isTicket && issue.generation.line.mayBeTwice ? nil : self.contents(after: attempt)
        if issue.isTicket { issue.recordBegan = commit.upperBound }
        guard let presented = attempt.presented, attempt.seen === presented.generation, !attempt.endsSession
        else { return }
        issue.origin = presented
        if issue.isTicket, presented.isTicket { issue.recordBegan = presented.recordBegan }
        guard issue.isTicket, !presented.isTicket, !self.scenario.canRevoke else { return }
        issue.generation.line.hasMoved = true
        self.tally.saw(.cookieMoved)
    }

    /// What the session of an answered request holds; nil where that is not known.
    private func contents(after attempt: Attempt) -> Sight.Updates? {
        guard !attempt.hasDropped else { return nil }
        let isNew = attempt.seen == nil || attempt.endsSession
        var contents = isNew ? Sight.Updates() : attempt.found ?? Sight.Updates()
        for key in attempt.counted { contents.counters[key, default: 0] += 1 }
        contents.entries.formUnion(attempt.entered)
        return contents
    }
}
