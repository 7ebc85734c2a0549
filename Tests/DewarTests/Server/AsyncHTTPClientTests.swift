// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import AsyncHTTPClient
import Dewar
import NIOCore
import NIOHTTP1
import TestSupport
import Testing

@testable import Accounts

/// The client that other Swift servers have, over the wire: it keeps no cookies itself, and reads `Set-Cookie` for code
/// that does.
@Suite struct AsyncHTTPClientTests {
    /// It lasts as long as the process, so that nothing has to shut it down.
    private static let client = HTTPClient(
        eventLoopGroupProvider: .singleton, configuration: .init(redirectConfiguration: .disallow))

    /// A program that keeps the cookies of one site.
    private struct Visitor {
        let url: String
        var cookies: [String: HTTPClient.Cookie] = [:]

        struct Answer {
            let status: Int
            let location: String?
            let text: String

            var token: String? {
                self.text.firstRange(of: "name=\"csrf_token\" value=\"").map { found in
                    String(self.text[found.upperBound...].prefix { $0 != "\"" })
                }
            }
        }

        mutating func send(_ path: String, form: String? = nil) async throws -> Answer {
            var request = HTTPClientRequest(url: self.url + path)
            if !self.cookies.isEmpty {
                let pairs = self.cookies.values.map { "\($0.name)=\($0.value)" }.sorted()
                request.headers.add(name: "Cookie", value: pairs.joined(separator: "; "))
            }
            if let form {
                request.method = .POST
                request.headers.add(name: "Content-Type", value: "application/x-www-form-urlencoded")
                request.body = .bytes(ByteBuffer(string: form))
            }
            let response = try await AsyncHTTPClientTests.client.execute(request, timeout: .seconds(60))
            for line in response.headers["Set-Cookie"] {
                let cookie = try #require(HTTPClient.Cookie(header: line, defaultDomain: "127.0.0.1"))
                self.cookies[cookie.name] = cookie.maxAge == 0 ? nil : cookie
            }
            let body = try await response.body.collect(upTo: 1 << 20)
            return Answer(
                status: Int(response.status.code), location: response.headers.first(name: "Location"),
                text: String(buffer: body))
        }
    }

    @Test func aProgramSignsInCountsAndSignsOut() async throws {
        try await withServer({ app in
            addSignInPages(to: app)
            addDevicePages(to: app)
            addOperatorPages(to: app)
            app.get("/count") { request in "\(request.session.update("n", default: 0) { $0 += 1 })" }
        }) { url in
            var visitor = Visitor(url: url)
            let token = try #require(try await visitor.send("/sign-in").token)
            let cookie = try #require(visitor.cookies["session"])
            #expect(cookie.httpOnly && !cookie.secure && cookie.path == "/" && cookie.maxAge == nil)
            let signedIn = try await visitor.send(
                "/sign-in", form: "user=ada&password=analytical+engine&csrf_token=\(token)")
            #expect(signedIn.status == 302 && signedIn.location == "/")
            for count in 1...5 { #expect(try await visitor.send("/count").text == "\(count)") }
            let page = try await visitor.send("/")
            #expect(page.text.contains("Signed in as ada"))
            let wayOut = try #require(page.token)
            #expect(try await visitor.send("/sign-out", form: "csrf_token=wrong").status == 403)
            #expect(try await visitor.send("/sign-out", form: "csrf_token=\(wayOut)").status == 302)
            #expect(visitor.cookies.isEmpty)
            #expect(try await visitor.send("/").text.contains("You are not signed in"))
        }
    }
}
