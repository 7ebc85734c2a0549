// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// The tests of a new app.
struct TestText {
    let name: String

    var pages: String {
        #"""
        import Dewar
        import DewarTesting
        import Testing

        @testable import \#(self.name)

        @Suite struct PagesTests {
            private func client() throws -> TestClient {
                // A key of its own, and the cookies of a release build.
                let app = App(secretKey: SecretKey(bytes: (0..<32).map { _ in .random(in: 0...255) }))
                addPages(to: app)
                return try app.testClient()
            }

            @Test func visitsAreCounted() async throws {
                let client = try self.client()
                #expect(try await client.get("/").text.contains("You were here 1 times."))
                #expect(try await client.get("/").text.contains("You were here 2 times."))
            }

            @Test func aNameIsRememberedAndEscaped() async throws {
                let client = try self.client()
                let answer = try await client.post(
                    "/name", form: ["name": "<b>Ada</b>"], headers: [.origin: "http://localhost"])
                #expect(answer.status == .found)
                let page = try await client.get("/").text
                #expect(page.contains("Hello!") && page.contains("&lt;b&gt;Ada&lt;/b&gt;"))
                #expect(!(try await client.get("/").text.contains("Hello!")))
            }
        }

        """#
    }

    var signIn: String {
        #"""
        import Dewar
        import DewarTesting
        import Testing

        @testable import \#(self.name)

        @Suite struct SignInTests {
            private func app() -> App {
                // A key of its own, sessions in memory, and the cookies of a release build.
                let key = SecretKey(bytes: (0..<32).map { _ in .random(in: 0...255) })
                let app = App(secretKey: key, sessions: .stored(in: MemoryStore()))
                addPages(to: app)
                addSignIn(to: app)
                return app
            }

            /// Sends a form as a browser does, which says from which site it comes.
            @discardableResult
            private func post(
                _ path: String, _ form: KeyValuePairs<String, String> = [:], by client: TestClient
            ) async throws -> TestResponse {
                try await client.post(path, form: form, headers: [.origin: "http://localhost"])
            }

            @discardableResult
            private func signIn(
                _ client: TestClient, password: String = "\#(DemoUser.password)"
            ) async throws -> TestResponse {
                try await self.post("/sign-in", ["user": "\#(DemoUser.name)", "password": password], by: client)
            }

            @Test func aUserSignsInAndOut() async throws {
                let client = try self.app().testClient()
                #expect(try await client.get("/").text.contains("You are not signed in"))
                try await self.signIn(client)
                #expect(try await client.get("/").text.contains("Signed in as \#(DemoUser.name)"))
                try await self.post("/sign-out", by: client)
                #expect(try await client.get("/").text.contains("You are not signed in"))
            }

            @Test func aWrongPasswordSignsNobodyIn() async throws {
                let client = try self.app().testClient()
                try await self.signIn(client, password: "difference engine")
                #expect(try await client.get("/").text.contains("You are not signed in"))
            }

            @Test func guessingIsLimited() async throws {
                let client = try self.app().testClient()
                for _ in 1...5 { try await self.signIn(client, password: "difference engine") }
                // The right password has to wait as well.
                #expect(try await self.signIn(client).status == .tooManyRequests)
                #expect(try await client.get("/").text.contains("You are not signed in"))
            }

            @Test func aUsersPageAsksForTheSignIn() async throws {
                let client = try self.app().testClient()
                let answer = try await client.get("/visits")
                #expect(answer.headers[.location] == "/sign-in?next=/visits")
                try await self.signIn(client)
                #expect(try await client.get("/visits").text == "You were here 1 times.")
            }

            @Test func aUserEndsTheOtherSession() async throws {
                let app = self.app()
                let (laptop, phone) = (try app.testClient(), try app.testClient())
                try await self.signIn(laptop)
                try await self.signIn(phone)
                #expect(try await app.sessions.activeSessions(of: "\#(DemoUser.name)").count == 2)
                let token = try await laptop.withSession { $0.csrfToken }
                try await self.post("/devices", ["others": "1", "csrf_token": token], by: laptop)
                #expect(try await laptop.get("/").text.contains("Signed in as \#(DemoUser.name)"))
                #expect(try await phone.get("/").text.contains("You are not signed in"))
            }
        }

        """#
    }
}
