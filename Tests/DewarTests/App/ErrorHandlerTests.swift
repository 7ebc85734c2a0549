// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dewar
import DewarTesting
import TestSupport
import Testing

/// How errors become pages.
@Suite struct ErrorHandlerTests {
    @Test func aStatusHasAPageOfItsOwn() async throws {
        let app = App.forTests()
        app.errorHandler(404) { request, _ in
            var response: Response = "Nothing at \(request.path)"
            response.status = .notFound
            return response
        }
        let response = try await app.testClient().get("/<here>")
        #expect(response.status == .notFound)
        #expect(response.text == "Nothing at /&lt;here&gt;")
    }

    @Test func aHandlersStatusIsItsOwnChoice() async throws {
        let app = App.forTests()
        app.errorHandler(.notFound) { _, _ in "fine" }
        #expect(try await app.testClient().get("/nowhere").status == .ok)
    }

    @Test func anErrorTypeIsHandledBeforeItsStatus() async throws {
        let app = App.forTests()
        app.errorHandler(500) { _, _ in "by status" }
        app.errorHandler(of: Mishap.self) { _, error in "by type: \(error)" }
        app.get("/") { _ in throw Mishap() }
        #expect(try await app.testClient().get("/").text == "by type: the cellar is flooded")
    }

    @Test func anErrorTypeIsHandledWhereverItIsThrown() async throws {
        let app = App.forTests()
        app.beforeRequest { _ in throw Mishap() }
        app.errorHandler(of: Mishap.self) { _, _ in "handled" }
        #expect(try await app.testClient().get("/nowhere").text == "handled")
    }

    @Test func theHandlerOf500GetsTheErrorThatNobodyCaught() async throws {
        let app = App.forTests()
        app.errorHandler(500) { _, error in "\(error is Mishap)" }
        app.get("/") { _ in throw Mishap() }
        #expect(try await app.testClient().get("/").text == "true")
    }

    @Test func anErrorThatNobodyCaughtIsLoggedAndNotShown() async throws {
        let log = LogRecorder()
        let app = App.forTests(log: log)
        app.get("/") { _ in throw Mishap() }
        let response = try await app.testClient().get("/")
        #expect(response.status == .internalServerError)
        #expect(!response.text.contains("cellar"))
        #expect(log.text.contains("the cellar is flooded"))
        #expect(log.warnings == 1)
    }

    @Test func aHandlerThatFailsGivesThePlainPage() async throws {
        let log = LogRecorder()
        let app = App.forTests(log: log)
        app.errorHandler(404) { _, _ in throw Mishap() }
        let response = try await app.testClient().get("/nowhere")
        #expect(response.status == .internalServerError)
        #expect(response.text.contains("<h1>Internal Server Error</h1>"))
        #expect(log.text.contains("an error handler failed"))
        #expect(log.text.contains("the cellar is flooded"))
    }

    @Test func theHandlerOf500GetsWhatAnotherHandlerThrows() async throws {
        let app = App.forTests()
        app.errorHandler(404) { _, _ in throw Mishap() }
        app.errorHandler(500) { _, error in Response(text: "\(error)") }
        #expect(try await app.testClient().get("/nowhere").text == "the cellar is flooded")
    }

    @Test func aHandlerOf500ThatFailsGivesThePlainPage() async throws {
        let app = App.forTests()
        let events = Events()
        app.get("/") { _ in throw Mishap() }
        app.errorHandler(500) { _, error in
            events.add("handler")
            throw error
        }
        let response = try await app.testClient().get("/")
        #expect(response.status == .internalServerError)
        #expect(response.text.contains("<h1>Internal Server Error</h1>"))
        #expect(events.all == ["handler"])
    }

    @Test func aVisitorsMistakeIsNoErrorOfTheServer() async throws {
        let log = LogRecorder()
        let app = App.forTests(log: log)
        app.get("/") { request in "\(try request.query["page"])" }
        let client = try app.testClient()
        try await client.get("/nowhere")
        try await client.get("/")
        #expect(log.warnings == 0)
    }

    @Test func theHandlerOf405MayAskWhatIsAllowed() async throws {
        let app = App.forTests()
        app.post("/") { _ in "posted" }
        app.errorHandler(405) { _, error in "\((error as? HTTPException)?.headers[.allow])" }
        #expect(try await app.testClient().get("/").text == "OPTIONS, POST")
    }
}
