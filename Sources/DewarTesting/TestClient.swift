// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

public import Dewar
public import HTTPTypes
import HummingbirdCore
public import Sessions
import Synchronization

extension App {
    /// A client that talks to the application without a server, for tests (Flask's `test_client`).
    ///
    /// - Throws: What `App.run(host:port:)` would, for mistakes in the application.
    public func testClient() throws -> TestClient {
        TestClient(try InProcessApp(self))
    }
}

/// A browser for tests: it calls the application directly, and keeps its cookies.
///
/// ```swift
/// let client = try app.testClient()
/// try await client.post("/login", form: ["username": "admin"])
/// let page = try await client.get("/")
/// #expect(page.text.contains("Logged in as admin"))
/// ```
public final class TestClient: Sendable {
    private let app: InProcessApp
    private let jar = Mutex(CookieJar())
    private static let host = "localhost"

    init(_ app: InProcessApp) {
        self.app = app
    }

    /// The cookies that the client holds.
    public var cookies: CookieJar {
        get { self.jar.withLock { $0 } }
        set { self.jar.withLock { $0 = newValue } }
    }

    /// Sends a GET request.
    @discardableResult
    public func get(_ target: String, headers: HTTPFields = HTTPFields()) async throws -> TestResponse {
        try await self.send(.get, target, headers: headers)
    }

    /// Sends a POST request with a form.
    @discardableResult
    public func post(
        _ target: String, form: KeyValuePairs<String, String> = [:], headers: HTTPFields = HTTPFields()
    ) async throws -> TestResponse {
        var headers = headers
        headers[.contentType] = "application/x-www-form-urlencoded"
        let body = URLEncodedForm.encode(form.map { ($0.key, $0.value) })
        return try await self.send(.post, target, headers: headers, body: Array(body.utf8))
    }

    /// Returns when the application has no work in the background: `App.background`.
    public func finishBackgroundWork() async {
        await self.app.finishBackgroundWork()
    }

    /// Sends any request.
    ///
    /// - Parameters:
    ///   - method: The method.
    ///   - target: The path, and the query if there is one, as they stand in a request line.
    ///   - headers: The fields; a `Cookie` field here replaces those of the client, and a `Host` field the host
    ///     `localhost`.
    ///   - body: The body.
    @discardableResult
    public func send(
        _ method: HTTPRequest.Method, _ target: String, headers: HTTPFields = HTTPFields(), body: [UInt8] = []
    ) async throws -> TestResponse {
        let path = RequestTarget(target).path
        var headers = headers
        let authority = headers.removeHost() ?? Self.host
        let host = HostField(authority)?.name ?? Self.host
        if !headers.contains(.cookie), let cookies = self.cookies.header(host: host, path: path) {
            headers[.cookie] = cookies
        }
        let head = HTTPRequest(
            method: method, scheme: "http", authority: authority, path: target, headerFields: headers)
        let response = try await self.app.respond(to: head, body: body)
        self.keepCookies(of: response.headers, host: host, path: path)
        return TestResponse(
            status: response.status, headers: response.headers, body: try await BodyCollector.bytes(of: response.body))
    }

    /// Looks at or changes the session between two requests (Flask's `session_transaction`).
    ///
    /// ```swift
    /// try await client.withSession { $0["username"] = "admin" }
    /// ```
    ///
    /// - Throws: What the closure throws, and `SessionError` when the session cannot be stored.
    public func withSession<Result: Sendable>(
        _ body: @Sendable (Session) async throws -> Result
    ) async throws -> Result {
        let session = try await self.app.sessions.open(
            [self.cookies.header(host: Self.host, path: "/")].compactMap { $0 })
        let result = try await body(session)
        let headers = try await self.app.sessions.commit(session)
        if let cookie = headers.setCookie {
            self.keepCookies(of: HTTPFields([HTTPField(name: .setCookie, value: cookie)]), host: Self.host, path: "/")
        }
        return result
    }

    private func keepCookies(of headers: HTTPFields, host: String, path: String) {
        self.jar.withLock { jar in
            for cookie in headers[values: .setCookie] { jar.store(cookie, host: host, path: path) }
        }
    }
}

extension HTTPFields {
    /// Takes out the first `Host` field, as a server does, and gives its value. A second one stays.
    fileprivate mutating func removeHost() -> String? {
        guard let index = self.firstIndex(where: { $0.name.canonicalName == "host" }) else { return nil }
        return self.remove(at: index).value
    }
}
