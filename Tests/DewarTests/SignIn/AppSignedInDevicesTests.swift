// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dewar
import DewarTesting
import HTTPTypes
import SessionsTesting
import TestSupport
import Testing

/// The page of a user's devices in an application: its routes, and the way back to the sign-in. What is on it is in
/// SignedInDevicesTests, and its forms are filled in by AccountsTests.
@Suite struct AppSignedInDevicesTests {
    private func app(_ place: SessionPlace = .stored(in: MemoryStore()), proxyFix: ProxyFix? = nil) -> App {
        var configuration = SessionConfiguration.flask
        configuration.place = place
        let app = App(
            secretKey: .forTests, sessions: configuration, proxyFix: proxyFix, logger: LogRecorder().logger)
        app.get("/enter", name: "enter") { request in
            request.session.signIn(as: "ada")
            return "in"
        }
        app.get("/", name: "index") { _ in "<a href=\"\(app.url(for: "devices"))\">Devices</a>" }
        app.signInRoute = "enter"
        app.addSignedInDevices(at: "/account/devices", header: { "<a href=\"\(app.url(for: "index"))\">Shop</a>" })
        return app
    }

    @Test func thePageHasARouteWithAName() async throws {
        let client = try self.app().testClient()
        #expect(try await client.get("/").text == "<a href=\"/account/devices\">Devices</a>")
        #expect(try await client.get("/account/devices").location == "/enter?next=/account/devices")
        try await client.get("/enter")
        let page = try await client.get("/account/devices")
        #expect(page.status == .ok)
        #expect(page.headers[values: .cacheControl] == ["no-store"])
        #expect(page.text.contains("<header><a href=\"/\">Shop</a></header>"))
        let style = try await client.get("/account/devices/style.css")
        #expect(style.headers[.contentType] == "text/css; charset=utf-8")
        #expect(style.headers[.setCookie] == nil)
        // Both policies hold: the page's own, and that of the application's default headers.
        let policies = page.headers[values: .contentSecurityPolicy].joined(separator: ", ")
        #expect(policies.contains("script-src 'none'") && policies.contains("frame-ancestors 'self'"))
    }

    @Test func behindAProxyThatMountsItsLinksHaveThePath() async throws {
        let client = try self.app(proxyFix: ProxyFix(xPrefix: 1)).testClient()
        let prefix = try #require(HTTPField.Name("X-Forwarded-Prefix"))
        try await client.get("/enter", headers: [prefix: "/shop"])
        let page = try await client.get("/account/devices", headers: [prefix: "/shop"])
        #expect(page.text.contains("href=\"/shop/account/devices/style.css\""))
        #expect(page.text.contains("<a href=\"/shop/\">Shop</a>"))
    }

    @Test func aFormFromASignedOutPageLeadsToTheSignIn() async throws {
        let client = try self.app().testClient()
        let answer = try await client.post("/account/devices", form: ["others": "1"])
        #expect(answer.status == .seeOther)
        #expect(answer.location == "/account/devices")
    }

    @Test func aBadSettingStillStopsTheStart() {
        let app = App(secretKey: "k", logger: LogRecorder().logger)
        app.addSignedInDevices(at: "/devices")
        #expect(throws: SessionError.self) { try app.testClient() }
    }
}
