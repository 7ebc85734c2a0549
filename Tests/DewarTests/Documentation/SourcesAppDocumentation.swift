// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Configuration
import Dewar

/// Sources: Dewar/App/App.swift
func appComment() async throws {
    let app = App(secretKey: "any random string", sessions: .flask)

    app.get("/", name: "index") { request in
        if let username = request.session["username"] {
            return "Logged in as \(username)"
        }
        return "You are not logged in"
    }

    try await app.run()
}

/// Sources: Dewar/App/App.swift
func routeComment(app: App) {
    app.route("/post/<int:id>", methods: .get, .post, name: "post") { request in
        "Post \(try request.parameters["id"])"
    }
}

/// Sources: Dewar/App/App.swift
func hooksComment(app: App) {
    app.beforeRequest { request in
        request.session.isPermanent = true
        return nil
    }
    app.afterRequest(usesSession: false) { request, response in
        var response = response
        response.headers[.server] = "shop"
        return response
    }
}

/// Sources: Dewar/App/App.swift
func errorHandlerComment(app: App) {
    app.errorHandler(404) { request, error in
        var response: Response = "Nothing here. <a href='/'>Home</a>"
        response.status = .notFound
        return response
    }
}

/// Sources: Dewar/App/App.swift
func activeSessionsComment(app: App) async throws -> [ActiveSession] {
    let devices = try await app.sessions.activeSessions(of: "ada")
    return devices
}

/// Sources: Dewar/App/App.swift
func signInRouteComment(app: App) {
    app.signInRoute = "login"
    app.get("/settings", handler: requireSignedIn { request in "Your settings" })
}

/// Sources: Dewar/App/App.swift
func appSecurityHeadersComment(app: App) {
    app.securityHeaders.strictTransportSecurity = "max-age=63072000; includeSubDomains"
    app.securityHeaders = .off
}

/// Sources: Dewar/App/App+Run.swift
func runComment(app: App) async throws {
    try await app.run()  // http://127.0.0.1:5000
    try await app.run(port: 8080)
}

/// Sources: Dewar/App/App+Static.swift
func staticFilesComment(app: App) -> String {
    app.staticFiles("static")
    let url = app.url(for: "static", ["filename": "style.css"])  // /static/style.css
    return url
}

/// Sources: Dewar/App/App+URL.swift
func urlComment(app: App) -> String {
    let url = app.url(for: "user", ["name": "bob", "page": 2])  // /user/bob?page=2
    return url
}

/// Sources: Dewar/App/App+URL.swift
func urlOfValuesComment(app: App, term: String?) -> String {
    var values: [String: URLValue] = ["page": 2]
    if let term { values["q"] = URLValue(term) }
    let url = app.url(for: "search", values: values)  // /search?page=2&q=swift
    return url
}

/// Sources: Dewar/Routing/URLValue.swift
func urlValueComment() -> [String: URLValue] {
    let page = 2
    let values: [String: URLValue] = ["name": "bob", "page": URLValue(page), "tag": ["a", "b"], "sort": nil]
    return values
}

/// Sources: Dewar/Address/ProxyFix.swift
func proxyFixComment(key: SecretKey) -> App {
    let app = App(secretKey: key, proxyFix: ProxyFix(xFor: 1, xProto: 1, xHost: 1))
    return app
}

/// Sources: Dewar/Address/ServerAddress.swift
func serverAddressComment(key: SecretKey) -> App {
    let app = App(secretKey: key, address: ServerAddress(host: "0.0.0.0", port: 8080))
    return app
}

/// Sources: Dewar/Configuration/ServerLimits+Configuration.swift
func serverLimitsComment(app: App) throws {
    let environment = ConfigReader(provider: EnvironmentVariablesProvider())
    try app.serverLimits.configure(from: environment)  // SERVER_BODY_TIMEOUT=120
}

/// Sources: Dewar/SignIn/RequireSignedIn.swift
func requireFreshComment(app: App) {
    app.route(
        "/password", methods: .get, .post,
        handler: requireFresh(within: .seconds(600)) { request in
            "<form method=post>\(csrf: request) <input type=password name=new> <button>Change</button></form>"
        })
}

/// Sources: Dewar/SignIn/Response+ClearSiteData.swift
func clearSiteDataComment(app: App) {
    app.post("/sign-out") { request in
        request.session.signOut()
        var response = redirect(app.url(for: "index"))
        response.clearSiteData()
        return response
    }
}
