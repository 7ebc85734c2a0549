// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import SessionsTesting
import TestSupport
import Testing

@testable import Sessions

/// A change that comes too late to be saved is told.
@Suite struct LateChangeTests {
    private static let changes = [
        (Action("set") { $0["basket"] = 1 }, "basket"),
        (Action("pop") { $0.pop("n") }, "n"),
        (Action("update") { $0.update("n", default: 0) { $0 += 1 } }, "n"),
        (Action("flash") { $0.flash("secret message") }, "_flashes"),
        (Action("renew") { $0.renew() }, "renewal"),
        (Action("removeAll") { $0.removeAll() }, "all"),
        (Action("sign out") { $0.signOut() }, "all"),
        (Action("lifetime") { $0.lifetime = .standard }, "lifetime"),
        (Action("merge") { $0.merge(["basket": "secret message"]) }, "basket"),
    ]

    @Test(arguments: [false, true], Self.changes)
    func itIsWarnedOfByItsKey(_ isStored: Bool, _ change: (Action, String)) async throws {
        let site = try RevocationSite(nil) { if isStored { $0.store = MemoryStore() } }
        var visitor = site.visitor()
        let session = try await visitor.open()
        session["n"] = 1
        try await visitor.commit(session)
        #expect(site.log.warnings == 0)
        change.0.run(session)
        #expect(site.log.warnings == 1)
        #expect(site.log.text.contains("session.key\": \(change.1)"), "\(site.log.text)")
        #expect(!site.log.text.contains("secret"))
    }

    @Test func aSessionWarnsOnce() async throws {
        let site = try RevocationSite()
        var visitor = site.visitor()
        let session = try await visitor.open()
        try await visitor.commit(session)
        for number in 0..<10 { session["n\(number)"] = 1 }
        #expect(site.log.warnings == 1)
    }

    @Test func lookingAfterwardsIsNoChange() async throws {
        let site = try RevocationSite()
        var visitor = site.visitor()
        let session = try await visitor.open()
        session["n"] = 1
        try await visitor.commit(session)
        _ = (session["n"], session.user, session.isModified, session.pop("missing"), session.flashedMessages())
        #expect(site.log.warnings == 0)
    }
}
