// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dewar
import DewarTesting
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
}
