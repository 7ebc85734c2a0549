// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dewar
import DewarTesting
import TestSupport
import Testing

/// Mistakes in an application are told when it starts, by the test client and by the server alike.
@Suite struct DefinitionTests {
    @Test(arguments: [
        ("about", RouteError.Kind.invalidRule, "The rule \"about\" must start with a slash."),
        ("/user/<name", .invalidRule, "The rule \"/user/<name\" has a \"<\" without its \">\"."),
        (
            "/<n:x>", .unknownConverter,
            "The rule \"/<n:x>\" is not valid: there is no converter \"n\"; there are string,"
        ),
        ("/<x>/<x>", .repeatedVariable, "The rule \"/<x>/<x>\" uses the variable \"x\" twice."),
    ])
    func aBadRuleIsTold(rule: String, code: RouteError.Kind, message: String) async throws {
        let app = App.forTests()
        app.get(rule) { _ in "ok" }
        let error = #expect(throws: RouteError.self) { try app.testClient() }
        #expect(error?.kind == code)
        #expect(error?.description.hasPrefix(message) == true)
        await #expect(throws: RouteError.self) { try await app.serve(port: 0) }
    }

    @Test func theSameRuleAndMethodTwiceIsTold() {
        for name in [nil, "page"] {
            let app = App.forTests()
            app.get("/a", name: name) { _ in "a" }
            app.post("/a", name: name) { _ in "posted" }
            app.get("/a", name: name) { _ in "b" }
            let error = #expect(throws: RouteError.self) { try app.testClient() }
            #expect(error?.kind == .duplicateRule)
            #expect(
                error?.description == """
                    The route "\(name ?? "GET /a")" has the rule "/a" for GET twice; the second would never answer.
                    """)
        }
    }

    @Test func aGuessableKeyIsRefusedByTheDefaultConfiguration() async throws {
        let app = App(secretKey: "any random string", logger: LogRecorder().logger)
        let error = #expect(throws: SessionError.self) { try app.testClient() }
        #expect(error?.kind == .weakKey)
        #expect(error?.message.hasPrefix("The secret key is printed in documentation") == true)
        #expect(error?.message.hasSuffix("with: dewar key") == true)
        await #expect(throws: SessionError.self) { try await app.serve(port: 0) }
    }

    @Test func aShortKeyIsRefusedWithoutBeingShown() {
        let app = App(secretKey: "xyzzy", logger: LogRecorder().logger)
        let error = #expect(throws: SessionError.self) { try app.testClient() }
        #expect(error?.message.contains("has 5 bytes; at least 32 random ones are needed") == true)
        #expect(error?.message.contains("xyzzy") == false)
    }

    @Test func aGuessableFallbackIsRefusedToo() {
        let app = App(secretKey: .forTests, secretKeyFallbacks: ["dev"], logger: LogRecorder().logger)
        let error = #expect(throws: SessionError.self) { try app.testClient() }
        #expect(error?.message.hasPrefix("The fallback key is printed in documentation") == true)
    }

    @Test func flasksConfigurationOnlyWarnsOfAGuessableKey() throws {
        let log = LogRecorder()
        _ = try App(secretKey: "any random string", sessions: .flask, logger: log.logger).testClient()
        #expect(log.warnings == 1)
        #expect(!log.text.contains("any random string"))
    }

    @Test func sameSiteNoneWithoutSecureIsRefused() {
        var sessions = SessionConfiguration.flask
        sessions.cookie.sameSite = .crossSite
        let error = #expect(throws: SessionError.self) { try App.forTests(sessions: sessions).testClient() }
        #expect(error?.kind == .invalidConfiguration)
        #expect(
            error?.message
                == """
                The session cookie cannot be sent: Cookie "session": SameSite=None needs Secure; switch it on, or use \
                SameSite=Lax.
                """)
    }

    @Test func aHostCookieWithADomainIsRefused() {
        var sessions = SessionConfiguration()
        sessions.cookie.domain = "example.com"
        let error = #expect(throws: SessionError.self) { try App.forTests(sessions: sessions).testClient() }
        #expect(error?.message.contains("use the prefix __Secure- instead") == true)
    }

    @Test func anApplicationWithoutAKeyServesPagesThatOnlyLook() async throws {
        let app = App(logger: LogRecorder().logger)
        app.get("/look") { request in "\(request.session.isEmpty)" }
        app.get("/change") { request in
            request.session["username"] = "admin"
            return "changed"
        }
        let client = try app.testClient()
        #expect(try await client.get("/look").text == "true")
        #expect(try await client.get("/change").status == .internalServerError)
        await #expect(throws: SessionError.self) { try await client.withSession { $0["x"] = 1 } }
    }
}
