// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Testing

@testable import Sessions
@testable import SessionsValues

/// Messages for the next page, stored as Flask stores them.
@Suite struct FlashTests {
    @Test func aMessageIsATupleWithItsCategoryFirst() throws {
        let session = Session.fresh()
        session.flash("Saved")
        session.flash("Wrong", category: "error")
        let json = try TaggedJSON.encode(.dictionary(session.entries))
        #expect(
            String(decoding: json, as: UTF8.self)
                == #"{"_flashes":[{" t":["message","Saved"]},{" t":["error","Wrong"]}]}"#)
    }

    @Test func takingRemovesAndRemembersForTheRequest() {
        let session = Self.session()
        #expect(session.flashedMessages() == [FlashMessage("one"), FlashMessage("two", category: "error")])
        #expect(!session.contains("_flashes"))
        #expect(session.isModified)
        #expect(session.flashedMessages().count == 2)
    }

    @Test func aCategoryChoosesButAllAreTaken() {
        let session = Self.session()
        #expect(session.flashedMessages(in: ["error"]) == [FlashMessage("two", category: "error")])
        #expect(session.isEmpty)
        #expect(session.flashedMessages().count == 2)
        #expect(session.flashedMessages(in: ["nothing"]) == [])
    }

    @Test func aMessageFlashedAfterTakingIsForTheNextRequest() {
        let session = Self.session()
        _ = session.flashedMessages()
        session.flash("three")
        #expect(session.flashedMessages().count == 2)
        #expect(Session.fresh(session.entries).flashedMessages() == [FlashMessage("three")])
    }

    @Test func aMessageFlashedBeforeTakingIsTakenToo() {
        let session = Self.session()
        session.flash("three")
        #expect(session.flashedMessages().map(\.message) == ["one", "two", "three"])
    }

    @Test func whatIsNoMessageIsPassedOver() {
        let session = Session.fresh(["_flashes": ["text", 3, .tuple(["a"]), .tuple([1, "x"]), ["list", "form"]]])
        #expect(session.flashedMessages() == [FlashMessage("form", category: "list")])
        #expect(Session.fresh(["_flashes": "text"]).flashedMessages() == [])
    }

    @Test func markupStaysMarkup() {
        let session = Session.fresh()
        session.flash(.markup("<b>bold</b>"))
        #expect(Session.fresh(session.entries).flashedMessages().first?.message == .markup("<b>bold</b>"))
    }

    private static func session() -> Session {
        Session.fresh(["_flashes": [.tuple(["message", "one"]), .tuple(["error", "two"])]])
    }
}
