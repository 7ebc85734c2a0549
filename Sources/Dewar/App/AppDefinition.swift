// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import HTTPTypes
import Hummingbird
import Sessions

/// Everything that an application consists of, as far as it has been defined.
struct AppDefinition: Sendable {
    typealias ErrorHandler = @Sendable (Request, any Error) async throws -> Response

    var routes = RouteTable<Action<App.Handler>>()
    var beforeHooks: [Action<App.BeforeHook>] = []
    var afterHooks: [Action<App.AfterHook>] = []
    var statusHandlers: [Int: ErrorHandler] = [:]
    /// Handlers for errors of one type. Each returns the code to run, or nil for an error of another type.
    var errorHandlers: [@Sendable (any Error) -> (@Sendable (Request) async throws -> Response)?] = []
    var middlewares: [any MiddlewareProtocol<HummingbirdCore.Request, HummingbirdCore.Response, AppRequestContext>] = []
    var templates: Templates?
    var signInRoute: String?
    var reauthenticationRoute: String?
    /// The routes that ``App/requireSignedIn(except:)`` was told to leave out.
    var publicRoutes: [String] = []
    var securityHeaders = SecurityHeaders()
    var contentSecurityPolicy: ContentSecurityPolicy?
    var compression: Compression?
    var serverLimits = ServerLimits()
    /// The hashes that URLs of static files have, by the names of their routes.
    var fingerprints: [String: FileFingerprints] = [:]
    let limits: FormLimits
    /// Mistakes in the definitions; the first is thrown when the application starts.
    var problems: [any Error] = []

    init(limits: FormLimits) {
        self.limits = limits
    }

    /// Builds the URLs of the routes.
    var urls: SiteURLs { SiteURLs(routes: self.routes.urls, fingerprints: self.fingerprints) }

    mutating func add(_ rule: String, methods: [HTTPRequest.Method], name: String?, handler: Action<App.Handler>) {
        let methods = methods.map(\.rawValue)
        do {
            try self.routes.add(
                try RoutePattern(rule), name: name ?? "\(methods.joined(separator: ",")) \(rule)", methods: methods,
                value: handler)
        } catch {
            self.problems.append(error)
        }
    }
}
