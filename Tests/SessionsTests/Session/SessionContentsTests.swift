// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Testing

@testable import Sessions

/// The dictionary side of a session: Python's `dict` methods under Swift's names.
@Suite struct SessionContentsTests {
    private let session = Session.fresh(["b": 2, "a": 1])

    @Test func whatIsThereCanBeAsked() {
        #expect(self.session.contains("a"))
        #expect(!self.session.contains("c"))
        #expect(self.session.count == 2)
        #expect(!self.session.isEmpty)
        #expect(self.session.keys == ["b", "a"])
        #expect(self.session.entries == ["a": 1, "b": 2])
        #expect(Session.fresh().isEmpty)
    }

    @Test func popGivesTheValueOnce() {
        #expect(self.session.pop("a") == 1)
        #expect(self.session.pop("a") == nil)
        #expect(self.session.keys == ["b"])
    }

    @Test func popLastGivesTheNewestEntry() {
        self.session["c"] = 3
        #expect(self.session.popLast()?.key == "c")
        #expect(self.session.popLast()?.value == 1)
        #expect(self.session.popLast()?.key == "b")
        #expect(self.session.popLast() == nil)
    }

    @Test func setDefaultStoresOnlyWhatIsMissing() {
        #expect(self.session.setDefault("a", 9) == 1)
        #expect(self.session.setDefault("c", 9) == 9)
        #expect(self.session["a"] == 1)
        #expect(self.session["c"] == 9)
    }

    @Test func updateChangesAndGivesTheNewValue() {
        #expect(self.session.update("a", default: 0) { $0 += 10 } == 11)
        #expect(self.session.update("new", default: 5) { $0 += 1 } == 6)
        #expect(self.session.update("text", default: "x") { $0 += "y" } == "xy")
        #expect(self.session["text"] == "xy")
    }

    @Test func anUpdateMayLookAtTheRestOfTheSession() {
        let session = self.session
        let total = session.update("total", default: 0) { $0 += session["a", default: 0] + session["b", default: 0] }
        #expect(total == 3)
    }

    @Test func mergeReplacesAndAdds() {
        self.session.merge(["a": 10, "z": 26])
        #expect(self.session.entries == ["b": 2, "a": 10, "z": 26])
    }

    @Test func removeAllRemovesAll() {
        self.session.removeAll()
        #expect(self.session.isEmpty)
        #expect(self.session.keys == [])
    }

    @Test func iterationFollowsTheOrderOfFirstSetting() {
        self.session["c"] = 3
        self.session["b"] = 20
        self.session.pop("a")
        self.session["a"] = 10
        #expect(self.session.map(\.key) == ["b", "c", "a"])
        #expect(self.session.map(\.value) == [20, 3, 10])
    }

    @Test func iterationIsOverTheEntriesAsTheyWere() {
        for (key, _) in self.session { self.session.pop(key) }
        #expect(self.session.isEmpty)
    }

    @Test func aTypedKeyIsTheSameEntry() {
        struct Cart: Codable, Equatable, Sendable {
            var items: [String]
            var discount: Double?
        }
        let key = SessionKey<Cart>("cart")
        #expect(self.session[key] == nil)
        self.session[key] = Cart(items: ["apple"])
        self.session[key, default: Cart(items: [])].items.append("pear")
        #expect(self.session[key] == Cart(items: ["apple", "pear"]))
        #expect(self.session["cart"] == ["items": ["apple", "pear"]])
        let cart = self.session.update(key, default: Cart(items: [])) { $0.discount = 0.5 }
        #expect(cart.discount == 0.5)
        self.session[key] = nil
        #expect(!self.session.contains("cart"))
    }
}
