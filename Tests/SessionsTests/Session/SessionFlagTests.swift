// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Testing

@testable import Sessions

/// What counts as new, looked at, changed and permanent: Flask's `new`, `accessed`, `modified` and `permanent`.
@Suite struct SessionFlagTests {
    @Test func aSessionIsNewWithoutAUsableCookie() {
        #expect(Session.fresh().isNew)
        #expect(!Session.fresh([:]).isNew)
        #expect(Session(SessionState(.unopened(SessionOpening(token: [1]) { nil }))).isNew)
    }

    @Test func nothingHasHappenedToAFreshSession() {
        let session = Session.fresh(["a": 1])
        #expect(!session.isAccessed)
        #expect(!session.isModified)
    }

    @Test(arguments: [
        Action("subscript") { _ = $0["a"] },
        Action("generic subscript") { let _: Int? = $0["a"] },
        Action("contains") { _ = $0.contains("x") },
        Action("count") { _ = $0.count },
        Action("isEmpty") { _ = $0.isEmpty },
        Action("keys") { _ = $0.keys },
        Action("values") { _ = $0.entries },
        Action("iteration") { for _ in $0 {} },
        Action("isNew") { _ = $0.isNew },
        Action("isModified") { _ = $0.isModified },
        Action("isPermanent") { _ = $0.isPermanent },
        Action("pop of what is missing") { $0.pop("x") },
        Action("setDefault of what is there") { $0.setDefault("a", 2) },
        Action("default subscript") { _ = $0["x", default: 1] },
        Action("flashed messages") { _ = $0.flashedMessages() },
    ])
    func lookingIsNoChange(_ action: Action) {
        let session = Session.fresh(["a": 1])
        action.run(session)
        #expect(session.isAccessed)
        #expect(!session.isModified)
    }

    @Test(arguments: [
        Action("set") { $0["b"] = 2 },
        Action("set to the same") { $0["a"] = 1 },
        Action("pop") { $0.pop("a") },
        Action("remove by nil") { $0["a"] = nil },
        Action("popLast") { $0.popLast() },
        Action("setDefault of what is missing") { $0.setDefault("b", 2) },
        Action("merge") { $0.merge(["b": 2]) },
        Action("merge of nothing") { $0.merge([:]) },
        Action("removeAll") { $0.removeAll() },
        Action("update") { $0.update("a", default: 0) { _ in } },
        Action("isPermanent") { $0.isPermanent = true },
        Action("isPermanent to what it was") { $0.isPermanent = false },
        Action("flash") { $0.flash("hi") },
        Action("by hand") { $0.isModified = true },
    ])
    func changingIsNoticed(_ action: Action) {
        let session = Session.fresh(["a": 1])
        action.run(session)
        #expect(session.isAccessed)
        #expect(session.isModified)
    }

    @Test func removeAllCountsEvenWhenThereWasNothing() {
        let session = Session.fresh()
        session.removeAll()
        #expect(session.isModified)
    }

    @Test func aModificationCanBeTakenBack() {
        let session = Session.fresh()
        session["a"] = 1
        session.isModified = false
        #expect(!session.isModified)
        #expect(session["a"] == 1)
    }

    @Test func permanenceIsAnEntryAsInFlask() {
        let session = Session.fresh()
        #expect(!session.isPermanent)
        session.isPermanent = true
        #expect(session["_permanent"] == true)
        session["_permanent"] = 0
        #expect(!session.isPermanent)
        session["_permanent"] = "yes"
        #expect(session.isPermanent)
    }
}
