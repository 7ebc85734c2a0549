// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions
import SessionsTesting
import TestSupport
import Testing

@Suite struct StoreFlashTests {
    @Test func aMessageThatComesWhileOthersAreTakenIsForTheNextPage() async throws {
        let site = try StoreSite()
        var visitor = try await site.signedIn()
        try await visitor.visit { $0.flash("first") }
        let page = try await visitor.open()
        try await visitor.visit { $0.flash("second") }
        #expect(page.flashedMessages().map(\.message) == ["first"])
        try await visitor.commit(page)
        let next = try await visitor.open()
        #expect(next.flashedMessages().map(\.message) == ["second"])
        try await visitor.commit(next)
        #expect(try await visitor.open().entries == ["user": "alice"])
    }

    @Test func messagesThatTwoPagesTakeAtOnceAreGone() async throws {
        let site = try StoreSite()
        var visitor = try await site.signedIn()
        try await visitor.visit { session in
            session.flash("same")
            session.flash("same")
        }
        let pages = [try await visitor.open(), try await visitor.open()]
        for page in pages { #expect(page.flashedMessages().count == 2) }
        for page in pages { try await visitor.commit(page) }
        #expect(try await visitor.open().entries == ["user": "alice"])
    }
}
