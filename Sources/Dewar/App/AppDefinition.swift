// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import HTTPTypes
import Hummingbird
import Sessions

/// Everything that an application consists of, as far as it has been defined.
struct AppDefinition: Sendable {
    var routes = RouteTable<RouteAction>()
    var hooks = Hooks()
    /// By the UTF-8 of their whole names.
    var blueprints: [[UInt8]: RegisteredBlueprint] = [:]
    var middlewares: [any MiddlewareProtocol<HummingbirdCore.Request, HummingbirdCore.Response, AppRequestContext>] = []
    var templates: Templates?
    var signInRoute: String?
    var reauthenticationRoute: String?
    /// The routes that ``Scaffold/requireSignedIn(except:)`` was told to leave out.
    var publicRoutes: [String] = []
    var securityHeaders = SecurityHeaders()
    var contentSecurityPolicy: ContentSecurityPolicy?
    var compression: Compression?
    var serverLimits = ServerLimits()
    /// The hashes that URLs of static files have, by the names of their routes.
    var fingerprints: [String: FileFingerprints] = [:]
    let limits: FormLimits
    /// Whether errors are shown; nil if the program leaves that to the environment.
    var debug: Bool?
    /// Whether a server or a test client has been made of it.
    var hasStarted = false
    /// Mistakes in the definitions; the first is thrown when the application starts.
    var problems: [any Error] = []

    init(limits: FormLimits) {
        self.limits = limits
    }

    /// Builds the URLs of the routes.
    var urls: SiteURLs { SiteURLs(routes: self.routes.urls, fingerprints: self.fingerprints) }

    mutating func add(_ addition: ScaffoldAddition.Value) {
        switch addition {
        case .route(let route): self.add(route, in: nil)
        case .hook(let hook): self.hooks.add(hook)
        case .publicRoutes(let names): self.publicRoutes += names
        case .blueprint(let blueprint): self.register(blueprint, in: nil)
        }
    }

    mutating func add(_ route: RouteAddition, in blueprint: RegisteredBlueprint?) {
        let methods = route.methods.map(\.rawValue)
        let rule = blueprint?.rule(route.rule) ?? route.rule
        do throws(RouteError) {
            let name = try blueprint?.name(of: route)
            let pattern = try RoutePattern(rule)
            let info = RouteInfo(
                name: name ?? route.name ?? "\(methods.joined(separator: ",")) \(rule)", blueprint: blueprint?.name,
                pattern: pattern, place: route.place)
            try self.routes.add(
                pattern, name: info.name, methods: methods,
                value: RouteAction(
                    usesSession: route.usesSession, handler: route.handler, info: info, blueprint: blueprint))
        } catch {
            self.problems.append(error)
        }
    }

    /// The routes, for a list of them.
    var listedRoutes: [ListedRoute] {
        self.routes.entries.map { action, methods in
            ListedRoute(rule: action.info.rule, name: action.info.name, methods: methods, place: action.info.place)
        }
    }
}
