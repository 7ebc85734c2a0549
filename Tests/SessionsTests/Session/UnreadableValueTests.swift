// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import SessionsTesting
import TestSupport
import Testing

@testable import Sessions
@testable import SessionsValues

/// A stored type that has changed: what cannot be read as it is now is kept, and told.
@Suite struct UnreadableValueTests {
    private struct OldBasket: Codable {
        var items: [String]
    }

    private struct Basket: Codable, Equatable {
        var items: [String] = []
        var coupon: String = ""
    }

    private static let key = SessionKey<Basket>("basket")
    private static let old: SessionValue = ["items": ["apple"]]

    private static let changes = [
        Action("update") { $0.update("basket", default: Basket()) { $0.items.append("pear") } },
        Action("update by a typed key") { $0.update(Self.key, default: Basket()) { $0.items.append("pear") } },
        Action("in place") { $0["basket", default: Basket()].items.append("pear") },
        Action("in place by a typed key") { $0[Self.key, default: Basket()].items.append("pear") },
    ]

    /// A site, and a visitor whose basket is of before the change.
    private func scene(_ isStored: Bool) async throws -> (RevocationSite, SiteVisitor) {
        let site = try RevocationSite(nil) { if isStored { $0.store = MemoryStore() } }
        var visitor = site.visitor()
        try await visitor.visit { $0["basket"] = OldBasket(items: ["apple"]) }
        return (site, visitor)
    }

    @Test(arguments: [false, true], Self.changes)
    func aChangeLeavesItAndTheCommitSaysSo(_ isStored: Bool, _ change: Action) async throws {
        var (_, visitor) = try await self.scene(isStored)
        let session = try await visitor.open()
        change.run(session)
        #expect(session["basket"] == Self.old)
        let error = await #expect(throws: SessionError.self) { try await visitor.commit(session) }
        #expect(error?.kind == .unreadableValue)
        let message = error?.message ?? ""
        #expect(message.contains(#""basket""#) && message.contains("Basket") && message.contains("coupon"))
        #expect(!message.contains("apple"))
        #expect(try await visitor.look("basket") == Self.old)
    }

    @Test func anOptionalChangeInPlaceLeavesItToo() async throws {
        var (_, visitor) = try await self.scene(false)
        let session = try await visitor.open()
        session[Self.key]?.items.append("pear")
        #expect(session["basket"] == Self.old)
        #expect(!session.isModified)
        try await visitor.commit(session)
        #expect(try await visitor.look("basket") == Self.old)
    }

    @Test func changesInPlaceAreStoredAsBefore() {
        let session = Session.fresh(["basket": ["items": ["apple"], "coupon": "x"]])
        session[Self.key]?.items.append("pear")
        session[Self.key, default: Basket()].coupon = "y"
        #expect(session[Self.key] == Basket(items: ["apple", "pear"], coupon: "y"))
        session[Self.key] = nil
        #expect(!session.contains("basket"))
        session[Self.key]?.items.append("plum")
        #expect(!session.contains("basket"))
    }

    @Test func aReadGivesNothingAndTheLogSaysWhy() async throws {
        var (site, visitor) = try await self.scene(false)
        let session = try await visitor.open()
        for _ in 0..<3 { #expect(session[Self.key] == nil) }
        #expect(session["basket", default: Basket(coupon: "none")] == Basket(coupon: "none"))
        #expect(site.log.warnings == 0)
        try await visitor.commit(session)
        #expect(site.log.warnings == 1)
        #expect(site.log.text.contains(#""basket""#))
        #expect(!site.log.text.contains("apple"))
        #expect(try await visitor.look("basket") == Self.old)
    }

    @Test func aThrowingReadTellsApartWhatIsMissingAndWhatIsUnreadable() throws {
        let session = Session.fresh(["basket": Self.old, "n": 3])
        #expect(throws: SessionError(.unreadableValue, "")) { try session.value("basket", as: Basket.self) }
        #expect(try session.value("n") == 3)
        #expect(try session.value("missing", as: Basket.self) == nil)
    }

    /// It is set to something else on purpose.
    @Test func aNewValueTakesItsPlace() async throws {
        var (_, visitor) = try await self.scene(true)
        try await visitor.visit {
            $0.update(Self.key, default: Basket()) { $0.items.append("pear") }
            $0[Self.key] = Basket(items: ["plum"])
        }
        #expect(try await visitor.open()[Self.key] == Basket(items: ["plum"]))
    }

    /// The record that another request wrote meanwhile has the form of before.
    @Test func aMergeLeavesItToo() async throws {
        var (_, visitor) = try await self.scene(true)
        var (late, other) = (visitor, visitor)
        try await visitor.visit { $0[Self.key] = Basket(items: ["plum"]) }
        let session = try await late.open()
        session.update(Self.key, default: Basket()) { $0.items.append("pear") }
        try await other.visit { $0["basket"] = OldBasket(items: ["apple"]) }
        let error = await #expect(throws: SessionError.self) { try await late.commit(session) }
        #expect(error?.kind == .unreadableValue)
        #expect(try await visitor.look("basket") == Self.old)
    }
}
