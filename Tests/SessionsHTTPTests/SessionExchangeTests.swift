// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import HTTPTypes
import Sessions
import SessionsHTTP
import SessionsTesting
import TestSupport
import Testing

/// A request's session is opened at its first use, and its response carries what it must.
@Suite struct SessionExchangeTests {
    private let engine = OutageStore(MemoryStore())
    private let store: CountingStore
    private let sessions: SessionManager

    init() throws {
        self.store = CountingStore(self.engine)
        var configuration = SessionConfiguration.flask
        configuration.store = self.store
        self.sessions = try SessionManager(keys: "a key for tests", configuration: configuration)
    }

    private func exchange(_ fields: HTTPFields = [:]) -> SessionExchange {
        SessionExchange(
            self.sessions,
            HTTPRequest(method: .get, scheme: nil, authority: "site.test", path: "/", headerFields: fields))
    }

    /// Counts, and gives the cookie.
    private func count(_ cookie: String? = nil) async throws -> (Int, String) {
        let exchange = self.exchange(cookie.map { [.cookie: $0] } ?? [:])
        let count = try await exchange.session.update("n", default: 0) { $0 += 1 }
        var response = HTTPResponse(status: .ok, headerFields: [.vary: "Accept"])
        #expect(await exchange.finish(&response))
        #expect(response.status == .ok)
        #expect(response.headerFields[.vary] == "Accept, Cookie")
        let line = response.headerFields[.setCookie]
        return (count, try #require(line.map { String($0.prefix { $0 != ";" }) } ?? cookie))
    }

    @Test func aSessionComesBackWithItsCookie() async throws {
        let (first, cookie) = try await self.count()
        #expect(first == 1)
        #expect(try await self.count(cookie).0 == 2)
    }

    @Test func aRequestThatDoesNotLookReadsNothing() async throws {
        let (_, cookie) = try await self.count()
        let before = self.store.readCount
        var response = HTTPResponse(status: .ok)
        #expect(await self.exchange([.cookie: cookie]).finish(&response))
        #expect(response.headerFields == [:])
        #expect(self.store.readCount == before)
    }

    @Test(arguments: ["prefetch", "prefetch;prerender", "prefetch;\u{301}"])
    func aPrefetchThatWouldChangeTheSessionIsRefused(purpose: String) async throws {
        let (_, cookie) = try await self.count()
        let name = try #require(HTTPField.Name("Sec-Purpose"))
        let exchange = self.exchange([.cookie: cookie, name: purpose])
        try await exchange.session.signOut()
        try await exchange.session.update("n", default: 0) { $0 += 1 }
        var response = HTTPResponse(status: .ok, headerFields: [.contentType: "text/html"])
        #expect(await !exchange.finish(&response))
        #expect(response == HTTPResponse(status: .serviceUnavailable, headerFields: [.cacheControl: "no-store"]))
        #expect(try await self.count(cookie).0 == 2)
    }

    @Test func aSessionThatCannotBeSavedReplacesTheResponse() async throws {
        let (_, cookie) = try await self.count()
        let exchange = self.exchange([.cookie: cookie])
        try await exchange.session.update("n", default: 0) { $0 += 1 }
        self.engine.mode = .unreachable
        var response = HTTPResponse(status: .ok, headerFields: [.contentType: "text/html"])
        #expect(await !exchange.finish(&response))
        #expect(response.status == .serviceUnavailable)
        #expect(response.headerFields[.contentType] == nil)
        #expect(response.headerFields[.setCookie] == nil)
        self.engine.mode = .working
        #expect(try await self.count(cookie).0 == 2)
    }

    @Test func anOutageIsAnErrorAndNoEmptySession() async throws {
        let (_, cookie) = try await self.count()
        self.engine.mode = .unreachable
        let exchange = self.exchange([.cookie: cookie])
        let error = await #expect(throws: SessionError.self) { try await exchange.session }
        #expect(error.map { HTTPResponse(answering: $0)?.status } == .serviceUnavailable)
        var response = HTTPResponse(status: .serviceUnavailable)
        #expect(await exchange.finish(&response))
        #expect(response.headerFields[.setCookie] == nil)
        #expect(response.headerFields[.vary] == "Cookie")
    }

    @Test func theResponseOfAUserIsKeptByNoCache() async throws {
        let exchange = self.exchange()
        try await exchange.session.signIn(as: "ada")
        try await exchange.session.requireSignedIn()
        var response = HTTPResponse(status: .ok)
        #expect(await exchange.finish(&response))
        #expect(response.headerFields[.cacheControl] == "no-store")
    }

    @Test func theDeviceOfASignInIsNamed() async throws {
        let firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
        let exchange = self.exchange([.userAgent: firefox])
        try await exchange.session.signIn(as: "ada")
        var response = HTTPResponse(status: .ok)
        #expect(await exchange.finish(&response))
        #expect(try await self.sessions.activeSessions(of: "ada").map(\.deviceLabel) == ["Firefox on Linux"])
    }
}

/// The responses to errors that a session throws.
@Suite struct ErrorResponseTests {
    private struct Mishap: Error {}

    @Test func whoIsNotSignedInIsAskedTo() async throws {
        let session = try await SessionManager(keys: "a key for tests", configuration: .flask).open([])
        let error = #expect(throws: SignInRequired.self) { try session.requireSignedIn() }
        let response = try #require(error.flatMap { HTTPResponse(answering: $0) })
        #expect(response.status == .unauthorized)
        #expect(response.headerFields[.wwwAuthenticate] == "Cookie realm=\"session\"")
        #expect(response.headerFields[.cacheControl] == "no-store")
    }

    @Test func aRequestOfAnotherSiteIsForbidden() throws {
        let request = HTTPRequest(
            method: .post, scheme: nil, authority: "site.test", path: "/transfer?to=mallory",
            headerFields: [.origin: "https://evil.test"])
        let asked = CrossSiteRequest(request)
        #expect(asked.path == "/transfer")
        #expect(asked.host == "site.test")
        let error = try #require(
            #expect(throws: CrossSiteRefusal.self) { try CrossSiteGuard(CrossSitePolicy()).check(asked) })
        #expect(HTTPResponse(answering: error)?.status == .forbidden)
    }

    @Test func anErrorOfTheApplicationIsItsOwn() {
        #expect(HTTPResponse(answering: Mishap()) == nil)
    }
}
