// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// No visitor sees another's session, nor another user in their own; an altered cookie opens nothing.
extension Chronicle {
    func checkOwnership(_ attempt: Attempt, _ sight: Sight) {
        if attempt.isForged {
            self.check(
                .forgedOpensNothing, attempt.seen == nil,
                "Request \(attempt.number) opens a session with an altered cookie.")
        }
        guard let seen = attempt.seen else {
            return self.check(
                .ownSessionOnly, sight.keys.isEmpty,
                "Request \(attempt.number) finds entries that no request has set: \(sight.keys.sorted()).")
        }
        self.check(
            .ownSessionOnly, seen.line.owner == attempt.visitor,
            "Request \(attempt.number) of visitor \(attempt.visitor) finds a session of visitor \(seen.line.owner).")
        self.check(
            .ownUserOnly, seen.user == sight.user,
            """
            Request \(attempt.number) finds \(sight.user ?? "no user") in session \(seen.number), in which \
            \(seen.user ?? "no user") had signed in.
            """)
    }
}
