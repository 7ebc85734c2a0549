// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import SessionsPages
import SessionsTesting
import TestSupport
import Testing

/// What a store keeps besides sessions is none on the operator's page: a list of revocations that it would end makes
/// sealed cookies good again.
@Suite struct SessionsOverviewOthersTests {
    private let store = MemoryStore()
    private let site: OperatorSite

    init() throws {
        self.site = try OperatorSite(.stored(in: self.store))
        let now = self.site.clock.now
        for var record in [SampleRecords.record(1, user: "dewar.revocations"), SampleRecords.record(2)] {
            if record.user == nil { record.deviceLabel = "dewar.sign-in-limit" }
            #expect(self.store.write(record, replacing: nil, at: now))
        }
    }

    @Test func itIsNotCountedListedOrFound() async throws {
        let ada = try await self.site.signedIn()
        #expect(self.store.count == 3)
        let page = try await ada.page()
        #expect(page.contains("<dt>Live sessions</dt><dd>1</dd>"))
        #expect(page.contains("<dt>Signed-in users</dt><dd>1</dd>"))
        for number in 1...2 { #expect(!page.contains(SampleRecords.id(number).description)) }
        let found = try await ada.page(["user": "dewar.revocations"])
        #expect(!found.contains(SampleRecords.id(1).description))
    }

    @Test func itDoesNotEnd() async throws {
        let (ada, grace) = (try await self.site.signedIn(), try await self.site.signedIn(as: "grace"))
        for number in 1...2 {
            try await ada.send(["session": SampleRecords.id(number).description])
            #expect(try await ada.page().contains("That session had ended already."))
        }
        try await ada.send(["all_of": "dewar.revocations"])
        try await ada.send(["everybody": "1"])
        try await eventually("all are ended") { try await ada.page().contains("have been ended: 1 (ada") }
        #expect(try await grace.user == nil)
        #expect(self.store.count == 3)
    }
}
