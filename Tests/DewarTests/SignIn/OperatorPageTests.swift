// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dewar
import DewarTesting
import HTTPTypes
import SessionsTesting
import TestSupport
import Testing

@testable import Accounts

/// The operator's page in an application: who is sent where, and what the forms end.
@Suite struct OperatorPageTests {
    private let clock = ManualClock()
    private let app: App

    init() {
        var configuration = SessionConfiguration.flask
        configuration.store = MemoryStore()
        self.app = App(
            secretKey: .forTests, sessions: configuration, clock: self.clock.sessionClock,
            logger: LogRecorder().logger)
        addSignInPages(to: self.app)
        addDevicePages(to: self.app)
        addOperatorPages(to: self.app)
    }

    private func signedIn(as user: String) async throws -> TestClient {
        let client = try self.app.testClient()
        try await client.withSession { $0.signIn(as: user) }
        return client
    }

    private func value(of field: String, in page: TestResponse) throws -> String {
        try #require(formValue(of: field, in: page.text))
    }

    @Test func visitorsAreSentToSignInAndOtherUsersAreRefused() async throws {
        let stranger = try self.app.testClient()
        #expect(try await stranger.get("/admin/sessions").location == "/sign-in?next=/admin/sessions")
        let grace = try await self.signedIn(as: "grace")
        let refusal = try await grace.get("/admin/sessions")
        #expect(refusal.status == .forbidden && refusal.text.contains("You may not see this page."))
        #expect(try await grace.get("/").text.contains("Signed in as grace"))
        let ada = try await self.signedIn(as: "ada")
        #expect(try await ada.get("/admin/sessions").status == .ok)
        self.clock.advance(by: .seconds(601))
        #expect(try await ada.get("/admin/sessions").location == "/again?next=/admin/sessions")
        #expect(try await grace.get("/admin/sessions").status == .forbidden)
    }

    @Test func onlyAnOperatorHasTheLink() async throws {
        #expect(try await self.signedIn(as: "ada").get("/").text.contains("href=\"/admin/sessions\""))
        #expect(try await !self.signedIn(as: "grace").get("/").text.contains("/admin/sessions"))
    }

    @Test func aUserIsFoundAndAllOfTheirSessionsEnd() async throws {
        let (ada, grace) = (try await self.signedIn(as: "ada"), try await self.signedIn(as: "grace"))
        let events = try self.app.sessions.events
        let page = try await ada.get("/admin/sessions?user=grace&end=user")
        let answer = try await ada.post(
            "/admin/sessions",
            form: [
                "csrf_token": try self.value(of: "csrf_token", in: page), "all_of": "grace", "user": "grace",
            ])
        #expect(answer.status == .seeOther && answer.location == "/admin/sessions?user=grace")
        let event = try #require(await events.first { $0.kind == .revoked })
        #expect(event.user == "grace" && event.actor == "ada")
        #expect(try await grace.get("/").text.contains("You are not signed in"))
        #expect(try await ada.get("/admin/sessions?user=grace").text.contains("Ended: sessions of grace, 1 in number."))
    }

    @Test func aFormWithoutItsTokenIsRefused() async throws {
        let (ada, grace) = (try await self.signedIn(as: "ada"), try await self.signedIn(as: "grace"))
        for form in [["all_of": "grace"], ["all_of": "grace", "csrf_token": "wrong"]] as [KeyValuePairs<String, String>]
        {
            #expect(try await ada.post("/admin/sessions", form: form).status == .forbidden)
        }
        #expect(try await grace.get("/").text.contains("Signed in as grace"))
    }

    @Test func theStyleSheetNeedsNoSession() async throws {
        let client = try self.app.testClient()
        let style = try await client.get("/admin/sessions/style.css")
        #expect(style.status == .ok && style.headers[.contentType] == "text/css; charset=utf-8")
        #expect(style.headers[.vary] == nil)
    }
}
