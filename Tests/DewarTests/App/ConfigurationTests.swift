// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Configuration
import DewarTesting
import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import Dewar

/// Settings from a file and from the environment.
@Suite struct ConfigurationTests {
    private static let key = "a key from the configuration, of 32 bytes"

    /// Calls the closure with the path of a file that holds the text.
    private static func withFile<Result>(
        _ text: String, _ body: (String) async throws -> Result
    ) async throws -> Result {
        let file = FileManager.default.temporaryDirectory.appending(path: "dewar-\(UUID().uuidString).json")
        try Data(text.utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        return try await body(file.path())
    }

    /// An application configured by a file, and by an environment that is not the process's own.
    private static func app(
        _ text: String, environment: [String: String] = [:], secretKey: SecretKey? = nil,
        sessions: SessionConfiguration = .flask
    ) async throws -> App {
        try await Self.withFile(text) { path in
            let file = try await FileProvider<JSONSnapshot>(filePath: FilePath(path))
            let variables = EnvironmentVariablesProvider(environmentVariables: environment)
            return App(
                settings: Settings(sources: [.environment(variables), .file("config.json", file)]),
                secretKey: secretKey, sessions: sessions, crossSite: CrossSitePolicy(), logger: LogRecorder().logger)
        }
    }

    private static func sessions(
        _ text: String, environment: [String: String] = [:]
    ) async throws -> SessionConfiguration {
        try await Self.app(text, environment: environment).sessionManager().configuration
    }

    @Test func aFileSetsEverything() async throws {
        let app = try await Self.app(
            """
            {"secretKey": "\(Self.key)", "host": "0.0.0.0", "port": 8080, "permanentSessionLifetime": 90.5,
            "maxCookieSize": 1000, "session": {"refreshEachRequest": false, "cookie": {"name": "s",
            "domain": "example.com", "path": "/app",
            "httponly": false, "secure": true, "partitioned": true, "samesite": "strict"}}}
            """)
        let sessions = try app.sessionManager().configuration
        let cookie = SessionCookie(
            name: "s", domain: "example.com", path: "/app", isSecure: true, isHTTPOnly: false, sameSite: .strict,
            isPartitioned: true, sizeLimit: .warn(over: 1000))
        #expect(sessions.cookie == cookie)
        #expect(sessions.lifetime.idle == .seconds(90.5))
        #expect(sessions.refresh == .never)
        #expect(app.address == ServerAddress(host: "0.0.0.0", port: 8080))
    }

    @Test func whatIsNotSetStaysAsItWas() async throws {
        let app = try await Self.app("{}")
        #expect(try app.sessionManager().configuration.cookie == .flask)
        #expect(try app.sessionManager().configuration.lifetime == .flask)
        #expect(app.address == ServerAddress())
    }

    @Test func theEnvironmentHasFlasksNames() async throws {
        let environment = [
            "SESSION_COOKIE_NAME": "e", "SESSION_COOKIE_SECURE": "true", "SESSION_COOKIE_HTTPONLY": "false",
            "SESSION_COOKIE_SAMESITE": "Lax", "SESSION_COOKIE_PATH": "/e", "SESSION_COOKIE_DOMAIN": "e.example",
            "SESSION_COOKIE_PARTITIONED": "true", "SESSION_REFRESH_EACH_REQUEST": "false",
            "PERMANENT_SESSION_LIFETIME": "60", "MAX_COOKIE_SIZE": "0",
        ]
        let sessions = try await Self.sessions("{}", environment: environment)
        let cookie = SessionCookie(
            name: "e", domain: "e.example", path: "/e", isSecure: true, isHTTPOnly: false, sameSite: .lax,
            isPartitioned: true, sizeLimit: CookieSizeLimit.none)
        #expect(sessions.cookie == cookie)
        #expect(sessions.refresh == .never)
        #expect(sessions.lifetime.idle == .seconds(60))
    }

    /// Flask's settings say how often and how large, and not what else the safe default does.
    @Test func theSafeDefaultStaysSafe() async throws {
        let environment = [
            "SECRET_KEY": Self.key, "SESSION_REFRESH_EACH_REQUEST": "true", "MAX_COOKIE_SIZE": "2000",
        ]
        let standard = try await Self.app("{}", environment: environment, sessions: .standard)
        #expect(try standard.sessionManager().configuration.refresh == .afterTenthOfIdleTime)
        #expect(try standard.sessionManager().configuration.cookie.sizeLimit == .refuse(over: 2000))
        let flask = try await Self.app("{}", environment: environment)
        #expect(try flask.sessionManager().configuration.refresh == .permanentOnEachRequest)
        #expect(try flask.sessionManager().configuration.cookie.sizeLimit == .warn(over: 2000))
        var never = SessionConfiguration.flask
        never.refresh = .never
        let changed = try await Self.app("{}", environment: environment, sessions: never)
        #expect(try changed.sessionManager().configuration.refresh == .permanentOnEachRequest)
    }

    @Test func trustedOriginsAreAList() async throws {
        let file = #"{"secretKey": "\#(Self.key)", "trustedOrigins": ["https://a.example", "https://b.example"]}"#
        let cases: [([String: String], String, String)] = [
            ([:], "https://b.example", "https://c.example"),
            (["TRUSTED_ORIGINS": "https://c.example,https://d.example"], "https://d.example", "https://b.example"),
        ]
        for (environment, taken, refused) in cases {
            let app = try await Self.app(file, environment: environment)
            app.post("/") { _ in "ok" }
            let client = try app.testClient()
            #expect(try await client.post("/", headers: [.origin: taken]).status == .ok)
            #expect(try await client.post("/", headers: [.origin: refused]).status == .forbidden)
        }
    }

    @Test func hostsProxiesAndTheBaseURLAreSettings() async throws {
        let file = #"""
            {"secretKey": "\#(Self.key)", "trustedHosts": ["shop.example", "inner.example"],
            "proxyFix": {"xProto": 1, "xHost": 2}}
            """#
        let cases: [([String: String], String)] = [
            ([:], "https://inner.example/ 127.0.0.1"), (["PROXY_FIX_X_HOST": "1"], "https://shop.example/ 127.0.0.1"),
            (["PROXY_FIX_X_FOR": "1", "PROXY_FIX_X_PROTO": "0"], "http://inner.example/ 192.0.2.7"),
            (["PROXY_FIX_X_PORT": "1"], "https://inner.example:8443/ 127.0.0.1"),
            (["PROXY_FIX_X_PREFIX": "1"], "https://inner.example/app/ 127.0.0.1"),
            (["TRUSTED_HOSTS": "shop.example"], "400"),
            (["TRUSTED_HOSTS": "a.example,inner.example"], "https://inner.example/"),
            (["BASE_URL": "https://www.shop.example/x"], "https://www.shop.example/x/ 127.0.0.1"),
            (
                [
                    "PROXY_FIX_X_HOST": "0", "PROXY_FIX_X_PROTO": "0", "PROXY_FIX_FORWARDED": "1",
                    "TRUSTED_HOSTS": ".example",
                ], "https://c.example/ 192.0.2.9"
            ),
        ]
        let fields: KeyValuePairs<String, String> = [
            "X-Forwarded-For": "192.0.2.7", "X-Forwarded-Proto": "https", "X-Forwarded-Port": "8443",
            "X-Forwarded-Host": "inner.example, shop.example", "X-Forwarded-Prefix": "/app",
            "Forwarded": "for=192.0.2.9;proto=https;host=c.example",
        ]
        let headers = HTTPFields(
            try fields.map { HTTPField(name: try #require(HTTPField.Name($0.key)), value: $0.value) })
        for (environment, page) in cases {
            let app = try await Self.app(file, environment: environment)
            app.get("/", name: "index") { request in
                "\(app.url(for: "index", isExternal: true)) \(request.remoteAddress)"
            }
            let response = try await app.testClient().get("/", headers: headers)
            #expect(response.status == .ok ? response.text.hasPrefix(page) : page == "400", "\(environment)")
        }
    }

    @Test func theEnvironmentWinsOverTheFile() async throws {
        let file = #"{"port": 1, "session": {"cookie": {"name": "file", "path": "/file"}}}"#
        let app = try await Self.app(file, environment: ["PORT": "2", "SESSION_COOKIE_NAME": "environment"])
        #expect(app.address.port == 2)
        #expect(try app.sessionManager().configuration.cookie.name == "environment")
        #expect(try app.sessionManager().configuration.cookie.path == "/file")
    }

    @Test func theProcesssEnvironmentWinsOverTheFile() async throws {
        // No other test looks at this variable.
        setenv("MAX_COOKIE_SIZE", "7777", 1)
        defer { unsetenv("MAX_COOKIE_SIZE") }
        let app = try await Self.withFile(#"{"maxCookieSize": 5}"#) { path in
            await App(configurationFile: path, sessions: .flask, logger: LogRecorder().logger)
        }
        #expect(try app.sessionManager().configuration.cookie.sizeLimit == .warn(over: 7777))
    }

    // MARK: - Keys

    /// The application reads a cookie that was signed with the key.
    private static func signs(_ app: App, with key: SecretKey) async throws -> Bool {
        app.get("/") { request in "\(request.session["username"])" }
        let writer = App(secretKey: key, sessions: .flask, logger: LogRecorder().logger)
        let author = try writer.testClient()
        try await author.withSession { $0["username"] = "admin" }
        let reader = try app.testClient()
        reader.cookies = author.cookies
        return try await reader.get("/").text == "admin"
    }

    @Test func theKeyIsTextOrBytesInBase64() async throws {
        let text = try await Self.app(#"{"secretKey": "\#(Self.key)"}"#)
        #expect(try await Self.signs(text, with: SecretKey(Self.key)))
        let bytes = try await Self.app(#"{"secretKey": "base64:XzUjeTJMIkY0UTh6CuxdLw=="}"#)
        #expect(
            try await Self.signs(bytes, with: SecretKey(bytes: Array("_5#y2L\"F4Q8z\n".utf8) + [0xEC, 0x5D, 0x2F])))
    }

    @Test func anArgumentWinsOverEveryConfiguration() async throws {
        let app = try await Self.app(
            #"{"secretKey": "\#(Self.key)"}"#, environment: ["SECRET_KEY": "from the environment"], secretKey: .forTests
        )
        #expect(try await Self.signs(app, with: .forTests))
    }

    @Test func olderKeysAreAListInTheFileAndInTheEnvironment() async throws {
        let file = try await Self.app(#"{"secretKey": "new", "secretKeyFallbacks": ["old", "base64:b2xkZXI="]}"#)
        #expect(try await Self.signs(file, with: "older"))
        let environment = try await Self.app(
            #"{"secretKey": "new"}"#, environment: ["SECRET_KEY_FALLBACKS": "older,base64:b2xk"])
        #expect(try await Self.signs(environment, with: "old"))
    }

    // MARK: - Mistakes

    @Test(arguments: [
        (#"{"port": "many"}"#, "The setting port (file config.json) must be a whole number from 0 to 65535."),
        (#"{"port": 80.5}"#, "The setting port (file config.json) must be a whole number from 0 to 65535."),
        (#"{"port": [5000]}"#, "The setting port (file config.json) must be a whole number from 0 to 65535."),
        (#"{"host": 5}"#, "The setting host (file config.json) must be text."),
        (#"{"secretKey": ""}"#, "The setting secretKey (file config.json) is empty; leave it out to have no sessions."),
        (#"{"secretKey": 5}"#, "The setting secretKey (file config.json) must be text."),
        (#"{"secretKey": [true]}"#, "The setting secretKey (file config.json) must be text."),
        (#"{"secretKey": ["s3cr3t"]}"#, "The setting secretKey (file config.json) must be text."),
        (#"{"trustedOrigins": "s3cr3t"}"#, "The setting trustedOrigins (file config.json) must be a list of texts."),
        (
            #"{"secretKeyFallbacks": "s3cr3t"}"#,
            "The setting secretKeyFallbacks (file config.json) must be a list of texts."
        ),
        (#"{"trustedHosts": "s3cr3t"}"#, "The setting trustedHosts (file config.json) must be a list of texts."),
        (#"{"baseURL": ["s3cr3t"]}"#, "The setting baseURL (file config.json) must be text."),
        (
            #"{"proxyFix": {"xFor": "s3cr3t"}}"#,
            "The setting proxyFix.xFor (file config.json) must be a number of proxies."
        ),
        (
            #"{"proxyFix": {"forwarded": 1.5}}"#,
            "The setting proxyFix.forwarded (file config.json) must be a number of proxies."
        ),
        (
            #"{"session": {"cookie": {"secure": "perhaps"}}}"#,
            "The setting session.cookie.secure (file config.json) must be true or false."
        ),
        (
            #"{"permanentSessionLifetime": "long"}"#,
            "The setting permanentSessionLifetime (file config.json) must be a number of seconds from 0 to"
        ),
        (
            #"{"permanentSessionLifetime": 1e300}"#,
            "The setting permanentSessionLifetime (file config.json) must be a number of seconds from 0 to"
        ),
        (
            #"{"session": {"cookie": {"samesite": "Lax "}}}"#,
            "The setting session.cookie.samesite (file config.json) must be Strict, Lax or None."
        ),
        (
            #"{"port": 65536}"#, "The setting port (file config.json) must be a whole number from 0 to 65535."
        ),
        (#"{"maxCookieSize": -1}"#, "The setting maxCookieSize (file config.json) must be a number of bytes"),
        (#"{"permanentSessionLifetime": -1}"#, "The setting permanentSessionLifetime (file config.json) must be"),
        (
            #"{"secretKey": "s3cr3t", "secretKeyFile": "keys"}"#,
            "Both secretKeyFile (file config.json) and secretKey (file config.json) are set; leave one out."
        ),
        (
            #"{"secretKey": "base64:s3cr3t!"}"#,
            "The setting secretKey (file config.json) cannot be used: what follows base64: is not"
        ),
        (
            #"{"secretKeyFallbacks": ["base64:s3cr3t!"]}"#,
            "The setting secretKeyFallbacks (file config.json) cannot be used: what follows base64:"
        ),
    ])
    func aValueOfTheWrongKindIsTold(file: String, message: String) async throws {
        do {
            _ = try await Self.app(file).testClient()
            Issue.record("nothing was told")
        } catch let error as AppError {
            #expect(error.kind == .invalidConfiguration)
            #expect(error.description.hasPrefix(message))
            #expect(!error.description.contains("s3cr3t"))
        }
    }

    /// A cookie that browsers would refuse: the setting that makes it so is named, and where it came from.
    @Test(
        arguments: [
            (["SESSION_COOKIE_DOMAIN": "https://example.com"], "session.cookie.domain (environment variable SESSION_"),
            (["SESSION_COOKIE_DOMAIN": "example.com."], "session.cookie.domain (environment variable SESSION_COOKIE_"),
            (["SESSION_COOKIE_DOMAIN": "com"], "session.cookie.domain (environment variable SESSION_COOKIE_DOMAIN)"),
            (["SESSION_COOKIE_PATH": "app"], "session.cookie.path (environment variable SESSION_COOKIE_PATH)"),
            (["SESSION_COOKIE_NAME": "a b"], "session.cookie.name (environment variable SESSION_COOKIE_NAME)"),
            (["SESSION_COOKIE_NAME": "__Host-s"], "session.cookie.name (environment variable SESSION_COOKIE_NAME)"),
            (["SESSION_COOKIE_SAMESITE": "None"], "session.cookie.samesite (environment variable SESSION_COOKIE_SAME"),
            (
                ["SESSION_COOKIE_NAME": "__Host-s", "SESSION_COOKIE_SECURE": "false"],
                "session.cookie.secure (environment variable SESSION_COOKIE_SECURE)"
            ),
            (["TRUSTED_ORIGINS": "https://a.example/"], "trustedOrigins (environment variable TRUSTED_ORIGINS)"),
            (["PORT": "many"], "port (environment variable PORT) must be a whole number from 0 to 65535."),
            (["SESSION_REFRESH_EACH_REQUEST": "x"], "session.refreshEachRequest (environment variable SESSION_REFRESH"),
        ] as [([String: String], String)])
    func aValueThatCannotBeUsedIsToldWithWhereItCameFrom(environment: [String: String], message: String) async throws {
        let app = try await Self.app("{}", environment: environment)
        let error = #expect(throws: AppError.self) { try app.testClient() }
        #expect(error?.description.hasPrefix("The setting \(message)") == true, "\(error?.description ?? "")")
        await #expect(throws: AppError.self) { try await app.serve(port: 0) }
        let file = try await Self.app(#"{"session": {"cookie": {"domain": "com"}}}"#)
        let told = #expect(throws: AppError.self) { try file.testClient() }
        #expect(told?.description.hasPrefix("The setting session.cookie.domain (file config.json) cannot") == true)
    }

    /// As a deployment sets `SESSION_COOKIE_DOMAIN=` where it has none.
    @Test func anEmptyVariableIsNotSet() async throws {
        let names = [
            "SECRET_KEY", "SECRET_KEY_FALLBACKS", "SECRET_KEY_FILE", "SESSION_COOKIE_NAME", "SESSION_COOKIE_DOMAIN",
            "SESSION_COOKIE_PATH", "SESSION_COOKIE_HTTPONLY", "SESSION_COOKIE_SECURE", "SESSION_COOKIE_PARTITIONED",
            "SESSION_COOKIE_SAMESITE", "SESSION_REFRESH_EACH_REQUEST", "PERMANENT_SESSION_LIFETIME", "MAX_COOKIE_SIZE",
            "TRUSTED_ORIGINS", "HOST", "PORT",
        ]
        let environment = Dictionary(uniqueKeysWithValues: names.map { ($0, "") })
        let plain = try await Self.app("{}", environment: environment)
        _ = try plain.testClient()
        #expect(try plain.sessionManager().configuration.cookie == .flask)
        #expect(plain.address == ServerAddress())
        // What the file says holds then.
        let file = #"{"secretKey": "\#(Self.key)", "port": 8080, "session": {"cookie": {"domain": "example.com"}}}"#
        let app = try await Self.app(file, environment: environment)
        #expect(try app.sessionManager().configuration.cookie.domain == "example.com")
        #expect(app.address.port == 8080)
        #expect(try await Self.signs(app, with: SecretKey(Self.key)))
        // A reader of one's own does not tell where its values come from.
        let variables = EnvironmentVariablesProvider(environmentVariables: environment)
        _ = try App(configuration: ConfigReader(provider: variables), sessions: .flask).testClient()
    }

    @Test(arguments: ["", "{", "[]", #"{"secretKey": "s3cr3t" "port": 5}"#])
    func aFileThatIsNoConfigurationIsTold(text: String) async throws {
        try await Self.withFile(text) { path in
            do {
                _ = try await App(configurationFile: path).testClient()
                Issue.record("nothing was told")
            } catch let error as AppError {
                #expect(error.kind == .invalidConfiguration)
                #expect(error.description.hasPrefix("The configuration file \(path) cannot be read: "))
                #expect(!error.description.contains("s3cr3t"))
            }
        }
    }

    @Test func aFileThatIsNotThereIsTold() async {
        let error = await #expect(throws: AppError.self) {
            try await App(configurationFile: "/nowhere/config.json").testClient()
        }
        #expect(error?.description.hasPrefix("The configuration file /nowhere/config.json cannot be read: ") == true)
    }
}
