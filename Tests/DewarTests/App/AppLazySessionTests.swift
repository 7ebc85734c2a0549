// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dewar
import DewarTesting
import Foundation
import HTTPTypes
import SessionsTesting
import TestSupport
import Testing

/// A request whose code does not look at the session reads no store, and is answered while the store is out of reach.
@Suite struct AppLazySessionTests {
    private let outage = OutageStore(MemoryStore())
    private let store: CountingStore
    private let traffic: StoreTraffic
    private let log = LogRecorder()
    private let folder: TemporaryFolder

    init() throws {
        self.store = CountingStore(self.outage)
        self.traffic = StoreTraffic(self.store)
        self.folder = try TemporaryFolder()
        try Data("a {}".utf8).write(to: URL(fileURLWithPath: self.folder.file("a.css")))
    }

    private func app(outagePolicy: OutagePolicy = .fail) -> App {
        var configuration = SessionConfiguration.flask
        configuration.store = self.store
        configuration.outagePolicy = outagePolicy
        let app = App.forTests(sessions: configuration, log: self.log)
        app.staticFiles(self.folder.path)
        app.get("/sign-in") { request in
            request.session.signIn(as: "ada")
            return "ok"
        }
        app.get("/look") { request in "\(request.session.user)" }
        app.get("/change") { request in
            request.session["n"] = 1
            return "ok"
        }
        app.get("/health", usesSession: false) { _ in "healthy" }
        app.get("/slash/", usesSession: false) { _ in "slash" }
        return app
    }

    private func signedIn(_ app: App, expecting status: HTTPResponse.Status = .ok) async throws -> TestClient {
        let client = try app.testClient()
        #expect(try await client.get("/sign-in").status == status)
        _ = self.traffic.next()
        return client
    }

    @Test func whatNeedsNoSessionReadsNoStore() async throws {
        let client = try await self.signedIn(self.app())
        for mode in [OutageStore.Mode.working, .unreachable] {
            self.outage.mode = mode
            #expect(try await client.get("/static/a.css").text == "a {}")
            #expect(try await client.get("/static/none.css").status == .notFound)
            #expect(try await client.get("/health").text == "healthy")
            #expect(try await client.get("/nowhere").status == .notFound)
            #expect(try await client.get("/slash").status == .permanentRedirect)
            #expect(try await client.send(.options, "/look").status == .ok)
        }
        #expect(self.traffic.next() == .init())
    }

    @Test func aTokenAgainstCrossSiteRequestsIsLookedForInTheSession() async throws {
        let client = try await self.signedIn(self.app())
        #expect(try await client.send(.delete, "/health").status == .methodNotAllowed)
        #expect(self.traffic.next() == .init(reads: 1))
        // A browser that says where the request comes from needs no token.
        let name = try #require(HTTPField.Name("Sec-Fetch-Site"))
        let proven = try await client.send(.delete, "/health", headers: [name: "same-origin"])
        #expect(proven.status == .methodNotAllowed)
        #expect(self.traffic.next() == .init())
    }

    @Test func aRequestReadsOnceAndWritesOnce() async throws {
        let app = self.app()
        for _ in 0..<3 {
            app.beforeRequest { request in
                _ = request.session.user
                return nil
            }
            app.afterRequest { request, response in
                _ = request.session.user
                return response
            }
        }
        let client = try await self.signedIn(app)
        try await client.get("/look")
        #expect(self.traffic.next() == .init(reads: 1))
        try await client.get("/change")
        #expect(self.traffic.next() == .init(reads: 1, writes: 1))
    }

    @Test func aStoreOutOfReachIsAskedOnceARequest() async throws {
        let app = self.app()
        app.errorHandler(503) { request, _ in Response("closed to \(request.session.user)", status: .serviceUnavailable)
        }
        app.afterRequest { request, response in
            _ = request.session.user
            return response
        }
        let client = try await self.signedIn(app)
        self.outage.mode = .unreachable
        let response = try await client.get("/look")
        #expect(response.status == .serviceUnavailable)
        #expect(response.text == "closed to ")
        #expect(response.headers[.retryAfter] == "5")
        #expect(self.traffic.next() == .init(reads: 1))
    }

    @Test func aHandlerThatDoesNotSayOtherwiseHasItsSessionOpened() async throws {
        let app = self.app()
        app.get("/plain") { _ in "plain" }
        let client = try await self.signedIn(app)
        #expect(try await client.get("/plain").text == "plain")
        #expect(self.traffic.next() == .init(reads: 1))
        self.outage.mode = .unreachable
        #expect(try await client.get("/plain").status == .serviceUnavailable)
    }

    @Test func aPermanentSealedSessionSendsNothingWithStaticFiles() async throws {
        let app = App.forTests(sessions: SessionConfiguration(), log: self.log)
        app.staticFiles(self.folder.path)
        app.get("/sign-in") { request in
            request.session.isPermanent = true
            request.session.signIn(as: "ada")
            return "ok"
        }
        let client = try app.testClient()
        let cookie = try #require(try await client.get("/sign-in").headers[.setCookie])
        let pair = String(cookie.prefix { $0 != ";" })
        let file = try await client.get("/static/a.css", headers: [.cookie: pair])
        #expect(file.text == "a {}")
        #expect(file.headers[.setCookie] == nil)
        #expect(file.headers[.cacheControl] == "no-cache")
        #expect(file.headers[.vary] == nil)
    }

    @Test func aHookThatUsesTheSessionOpensItForEveryPath() async throws {
        let app = self.app()
        app.beforeRequest { _ in nil }
        let client = try await self.signedIn(app)
        #expect(try await client.get("/static/a.css").status == .ok)
        #expect(self.traffic.next() == .init(reads: 1))
        self.outage.mode = .unreachable
        #expect(try await client.get("/static/a.css").status == .serviceUnavailable)
    }

    @Test func aHookThatDoesNotOpensNothingUnlessItAsks() async throws {
        let app = self.app()
        app.beforeRequest(usesSession: false) { request in
            guard request.path == "/static/a.css" else { return nil }
            return "\(try await request.openSession().user)"
        }
        app.afterRequest(usesSession: false) { _, response in response }
        let client = try await self.signedIn(app)
        #expect(try await client.get("/health").text == "healthy")
        #expect(self.traffic.next() == .init())
        #expect(try await client.get("/static/a.css").text == "ada")
        #expect(self.traffic.next() == .init(reads: 1))
    }

    @Test func aSiteForThoseWhoAreSignedInLeavesWhatIsPublicAlone() async throws {
        let app = self.app()
        app.requireSignedIn(except: "static")
        let client = try app.testClient()
        #expect(try await client.get("/look").status == .unauthorized)
        try await client.withSession { $0.signIn(as: "ada") }
        _ = self.traffic.next()
        #expect(try await client.get("/static/a.css").status == .ok)
        #expect(self.traffic.next() == .init())
        #expect(try await client.get("/look").text == "ada")
        #expect(self.traffic.next() == .init(reads: 1))
    }

    @Test func aPageForAMissingPathSeesTheSessionAndNeedsNone() async throws {
        let app = self.app()
        app.errorHandler(404) { request, _ in Response("nothing here, \(request.session.user)", status: .notFound) }
        let client = try await self.signedIn(app)
        #expect(try await client.get("/nowhere").text == "nothing here, ada")
        self.outage.mode = .unreachable
        let response = try await client.get("/nowhere")
        #expect(response.status == .notFound)
        #expect(response.text == "nothing here, ")
    }

    @Test func aChangeThatAnErrorPageMakesWhileTheStoreIsOutOfReachIsToldAndNotLost() async throws {
        let app = self.app()
        app.errorHandler(404) { request, _ in
            request.session["lost"] = true
            return Response("nothing here", status: .notFound)
        }
        let client = try await self.signedIn(app)
        self.outage.mode = .unreachable
        #expect(try await client.get("/nowhere").status == .serviceUnavailable)
    }

    @Test(arguments: [false, true]) func whoSaysThatItUsesNoSessionAndLooksIsToldSo(_ isHook: Bool) async throws {
        let app = self.app()
        if isHook {
            app.beforeRequest(usesSession: false) { request in
                if request.path == "/health" { _ = request.session.user }
                return nil
            }
        } else {
            app.get("/mistake", usesSession: false) { request in "\(request.session.user)" }
        }
        let client = try await self.signedIn(app)
        #expect(try await client.get(isHook ? "/health" : "/mistake").status == .internalServerError)
        #expect(self.log.text.contains("registered with usesSession: false looked at the session"))
        #expect(self.traffic.next() == .init())
    }

    @Test func aHookThatLooksTooEarlyIsToldThoughTheHandlerOpensTheSession() async throws {
        let app = self.app()
        app.beforeRequest(usesSession: false) { request in
            request.session.contains("banned") ? Response("banned", status: .forbidden) : nil
        }
        let client = try await self.signedIn(app, expecting: .internalServerError)
        #expect(try await client.get("/look").status == .internalServerError)
        #expect(self.log.text.contains("registered with usesSession: false looked at the session"))
    }

    @Test func thePageForACommitThatFailedHasHooksAndSaysThatItDependsOnTheCookie() async throws {
        let app = self.app()
        app.errorHandler(503) { request, _ in Response("closed, \(request.session.user)") }
        app.afterRequest(usesSession: false) { request, response in
            var response = response
            response.headers[.server] = "hook of \(request.routeName ?? "no route")"
            return response
        }
        let client = try await self.signedIn(app)
        self.outage.mode = .readOnly
        let response = try await client.get("/change")
        #expect(response.text == "closed, ada")
        #expect(response.headers[.vary] == "Cookie")
        #expect(response.headers[.server] == "hook of GET /change")
    }

    @Test func visitorsWhoAreAnonymousDuringAnOutageSeeThePage() async throws {
        let client = try await self.signedIn(self.app(outagePolicy: .anonymous))
        self.outage.mode = .unreachable
        #expect(try await client.get("/look").text == "")
        let change = try await client.get("/change")
        #expect(change.status == .serviceUnavailable)
        #expect(change.headers[.retryAfter] == "5")
        #expect(try await client.get("/health").status == .ok)
    }

    @Test func cookiesOfFlaskAreSentAgainWithEveryResponseAsFlaskDoes() async throws {
        let app = App.forTests(sessions: .flask, log: self.log)
        app.get("/health", usesSession: false) { _ in "healthy" }
        let client = try app.testClient()
        try await client.withSession { session in
            session["n"] = 1
            session.isPermanent = true
        }
        #expect(try await client.get("/health").headers[.setCookie] != nil)
        #expect(try await client.get("/nowhere").headers[.setCookie] != nil)
    }
}
