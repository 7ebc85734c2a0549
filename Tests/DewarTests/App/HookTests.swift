// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dewar
import DewarTesting
import TestSupport
import Testing

/// What runs before and after every request.
@Suite struct HookTests {
    @Test func aResponseFromABeforeHookIsTheAnswer() async throws {
        let app = App.forTests()
        let events = Events()
        app.beforeRequest { request in request.path == "/secret" ? "who are you?" : nil }
        app.beforeRequest { _ in
            events.add("second hook")
            return nil
        }
        app.get("/secret") { _ in
            events.add("handler")
            return "secret"
        }
        #expect(try await app.testClient().get("/secret").text == "who are you?")
        #expect(events.all.isEmpty)
    }

    @Test func beforeHooksRunInOrderAndAfterHooksBackwards() async throws {
        let app = App.forTests()
        let events = Events()
        for number in 1...2 {
            app.beforeRequest { _ in
                events.add("before \(number)")
                return nil
            }
            app.afterRequest { _, response in
                events.add("after \(number)")
                return response
            }
        }
        app.get("/") { _ in
            events.add("handler")
            return "ok"
        }
        try await app.testClient().get("/")
        #expect(events.all == ["before 1", "before 2", "handler", "after 2", "after 1"])
    }

    @Test(arguments: ["/nowhere", "/broken", "/stopped", "/early"])
    func hooksRunAroundErrorsAndEarlyAnswersToo(target: String) async throws {
        let app = App.forTests()
        let events = Events()
        app.beforeRequest { request in
            events.add("before \(request.path)")
            return request.path == "/early" ? "early" : nil
        }
        app.afterRequest { _, response in
            events.add("after")
            return response
        }
        app.get("/broken") { _ in throw Mishap() }
        app.get("/stopped") { _ in try abort(403) }
        try await app.testClient().get(target)
        #expect(events.all == ["before \(target)", "after"])
    }

    @Test func aBeforeHookKnowsTheRoute() async throws {
        let app = App.forTests()
        let events = Events()
        app.beforeRequest { request in
            events.add(request.routeName ?? "no route")
            return nil
        }
        app.get("/", name: "index") { _ in "ok" }
        let client = try app.testClient()
        try await client.get("/")
        try await client.get("/nowhere")
        #expect(events.all == ["index", "no route"])
    }

    @Test func anAfterHookChangesTheResponse() async throws {
        let app = App.forTests()
        app.afterRequest { _, response in
            var response = response
            response.headers[.server] = "dewar"
            response.status = .accepted
            return response
        }
        app.get("/") { _ in "ok" }
        let response = try await app.testClient().get("/")
        #expect(response.headers[.server] == "dewar")
        #expect(response.status == .accepted)
    }

    @Test func whatAnAfterHookPutsIntoTheSessionIsSaved() async throws {
        let app = App.forTests()
        app.afterRequest { request, response in
            request.session["seen"] = true
            return response
        }
        let client = try app.testClient()
        try await client.get("/nowhere")
        #expect(try await client.withSession { $0["seen"] } == true)
    }

    @Test func aHookThatThrowsIsAnswered() async throws {
        let app = App.forTests()
        app.beforeRequest { request in
            if request.path == "/" { try abort(403) }
            return nil
        }
        app.afterRequest { request, _ in throw Mishap() }
        let client = try app.testClient()
        #expect(try await client.get("/").status == .internalServerError)
        #expect(try await client.get("/nowhere").status == .internalServerError)
    }
    /// An application whose hook fails the first times, and counts in what it is given.
    private static func failing(times: Int, with error: any Error, _ events: Events) -> App {
        let app = App.forTests()
        app.get("/") { _ in "ok" }
        app.errorHandler(403) { _, _ in Response("by 403", status: .forbidden) }
        app.errorHandler(500) { _, error in Response(text: "by 500: \(error)", status: .internalServerError) }
        app.errorHandler(of: HTTPException.self) { _, error in Response("by type", status: error.status) }
        app.afterRequest { _, response in
            events.add("\(response.status.code)")
            if events.all.count <= times { throw error }
            var response = response
            response.headers[.server] = "hook"
            return response
        }
        return app
    }

    @Test(arguments: [true, false])
    func anErrorOfAnAfterHookIsTheServersAndTheHooksRunAgain(isAbort: Bool) async throws {
        let events = Events()
        let error: any Error = isAbort ? HTTPException(.forbidden) : Mishap()
        let response = try await Self.failing(times: 1, with: error, events).testClient().get("/")
        #expect(response.status == .internalServerError)
        #expect(response.text == "by 500: \(error)")
        #expect(response.headers[.server] == "hook")
        #expect(events.all == ["200", "500"])
    }

    @Test func anAfterHookThatAlwaysFailsLeavesTheErrorPage() async throws {
        let events = Events()
        let response = try await Self.failing(times: .max, with: Mishap(), events).testClient().get("/")
        #expect(response.text == "by 500: the cellar is flooded")
        #expect(response.headers[.server] == nil)
        #expect(events.all == ["200", "500"])
    }

    @Test func whatAnAfterHookThrowsOnThePageOfAFailureIsOnlyLogged() async throws {
        let log = LogRecorder()
        let app = App.forTests(log: log)
        let events = Events()
        app.get("/broken") { _ in throw Mishap() }
        app.errorHandler(500) { _, error in Response(text: "\(error)") }
        app.afterRequest { _, _ in
            events.add("hook")
            try abort(403)
        }
        #expect(try await app.testClient().get("/broken").text == "the cellar is flooded")
        #expect(events.all == ["hook"])
        #expect(log.text.contains("an afterRequest hook failed on an error page"))
    }
}
