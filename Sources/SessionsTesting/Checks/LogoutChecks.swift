// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

/// A sign-out wins over all other changes.
enum LogoutChecks {
    static let all = [
        StoreCheck("a session that was destroyed under writers in flight never comes back", destroyed),
        StoreCheck("writers that come after the end of a session do not bring it back", late),
        StoreCheck("logging out by removing the last value ends the session", lastValue),
        StoreCheck("a copied cookie stops working after a logout that removes the last value", copiedBeforePop),
        StoreCheck("a copied cookie stops working after destroy()", copiedBeforeDestroy),
        StoreCheck("what is set after destroy() begins another session", anotherSession),
    ]

    private static func destroyed(_ trial: StoreTrial) async throws {
        try await Self.end(trial, under: trial.settings.parallelism) { $0.destroy() }
    }

    private static func end(_ trial: StoreTrial, under count: Int, _ logout: @escaping @Sendable (Session) -> Void)
        async throws
    {
        let visitor = try await trial.signedIn(trial.sessions(trial.clock()))
        let id = try await trial.id(of: visitor)
        let requests = try await trial.inParallel(count + 1) { _ in try await visitor.open() }
        _ = try await trial.inParallel(count + 1) { index in
            if index == count / 2 { logout(requests[index]) } else { requests[index]["key\(index)"] = "late" }
            _ = try await visitor.sessions.commit(requests[index])
        }
        try await Self.expectEnded(visitor, id, trial)
    }

    private static func late(_ trial: StoreTrial) async throws {
        for logout in [{ $0.destroy() }, { $0.pop("user") }] as [@Sendable (Session) -> Void] {
            let visitor = try await trial.signedIn(trial.sessions(trial.clock()))
            let id = try await trial.id(of: visitor)
            let requests = try await trial.inParallel { _ in try await visitor.open() }
            var leaving = visitor
            try await leaving.visit(logout)
            let lines = try await trial.inParallel { index in
                requests[index].update("n", default: 0) { $0 += 1 }
                return try await visitor.sessions.commit(requests[index]).setCookie
            }
            trial.expect(lines.allSatisfy { $0 == nil }, "a request whose session has ended sends no cookie")
            try await Self.expectEnded(visitor, id, trial)
        }
    }

    private static func lastValue(_ trial: StoreTrial) async throws {
        var visitor = try await trial.signedIn(trial.sessions(trial.clock()))
        let (id, copy) = (try await trial.id(of: visitor), visitor)
        try await visitor.visit { $0.pop("user") }
        trial.expect(visitor.cookie == nil, "the cookie of a session that is empty is deleted")
        try await Self.expectEnded(copy, id, trial)
    }

    private static func copiedBeforePop(_ trial: StoreTrial) async throws {
        try await Self.copyStopsWorking(trial) { $0.pop("user") }
    }

    private static func copiedBeforeDestroy(_ trial: StoreTrial) async throws {
        try await Self.copyStopsWorking(trial) { $0.destroy() }
    }

    private static func copyStopsWorking(_ trial: StoreTrial, _ logout: (Session) -> Void) async throws {
        var visitor = try await trial.signedIn(trial.sessions(trial.clock()))
        let copy = visitor
        try await visitor.visit { $0["seen"] = true }
        try await trial.expect(copy, isSignedIn: true, "a copied cookie works until the logout")
        try await visitor.visit { session in
            session.pop("seen")
            logout(session)
        }
        try await trial.expect(copy, isSignedIn: false, "a copied cookie is worth nothing after the logout")
    }

    private static func anotherSession(_ trial: StoreTrial) async throws {
        var visitor = try await trial.signedIn(trial.sessions(trial.clock()))
        let (id, copy) = (try await trial.id(of: visitor), visitor)
        try await visitor.visit { session in
            session.destroy()
            session["user"] = "bob"
        }
        let newID = try await trial.id(of: visitor)
        trial.expect(newID != nil && newID != id, "what is set after destroy() is in a session with another id")
        trial.expect(
            try await visitor.look("user") == "bob", "what is set after destroy() is there at the next request")
        try await Self.expectEnded(copy, id, trial)
    }

    private static func expectEnded(_ visitor: Visitor, _ id: SessionID?, _ trial: StoreTrial) async throws {
        let session = try await visitor.open()
        trial.expect(session.isNew && session.isEmpty, "the cookie of a session that has ended gives a new, empty one")
        guard let id else { return trial.fail("expected: a session in a store has an id") }
        let found = try await trial.store.read(id, at: trial.start)
        trial.expect(found == nil, "the record of a session that has ended is gone")
    }
}
