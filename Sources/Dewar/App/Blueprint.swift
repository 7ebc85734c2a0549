// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Logging
import Synchronization

/// A group of routes with hooks and error handlers of its own (Flask's `Blueprint`).
///
/// A large application has one for each of its parts, each in a file of its own:
///
/// ```swift
/// func adminPages() -> Blueprint {
///     let admin = Blueprint("admin", urlPrefix: "/admin")
///     admin.beforeRequest { request in
///         try request.session.requireSignedIn()
///         return nil
///     }
///     admin.get("/", name: "index") { request in
///         "<a href='\(request.url(for: ".orders"))'>Orders</a>"
///     }
///     admin.get("/orders", name: "orders") { request in "No orders yet." }
///     return admin
/// }
/// ```
///
/// ```swift
/// app.register(adminPages())
/// let url = app.url(for: "admin.index")  // /admin/
/// ```
///
/// The names of its routes begin with its own name and a dot. Handlers, hooks and templates of the blueprint may leave
/// that name out: `.orders` is then `admin.orders`.
///
/// A blueprint can be registered in another one. Its prefix and its name then come after the other's, and its hooks run
/// within the other's.
public final class Blueprint: Scaffold {
    /// What its routes' names begin with, unless it is registered under another name.
    public let name: String
    /// What its rules begin with, unless it is registered with another prefix; nil for nothing.
    public let urlPrefix: String?
    private let state = Mutex(State())

    private struct State {
        var contents = BlueprintContents()
        var isRegistered = false
        var lateAddition: RouteError?
        /// Of the application that has started with it; nil until then.
        var logger: Logger?
    }

    /// A blueprint without routes.
    ///
    /// - Parameters:
    ///   - name: What its routes' names begin with, without a dot.
    ///   - urlPrefix: What its rules begin with, such as `/admin`; it may have variables (`/<lang>`).
    public init(_ name: String, urlPrefix: String? = nil) {
        self.name = name
        self.urlPrefix = urlPrefix
    }

    /// For the library: takes what the methods of ``Scaffold`` add.
    public func add(_ addition: ScaffoldAddition) {
        let logger: Logger? = self.state.withLock { state in
            guard state.isRegistered else {
                state.contents.add(addition.value)
                return nil
            }
            state.lateAddition =
                state.lateAddition
                ?? RouteError(
                    .addedTooLate,
                    "The blueprint \"\(self.name)\" got \(addition.value.words) after it had been registered; "
                        + "register it last.")
            return state.logger
        }
        logger?.error(
            "a blueprint was changed after the application's start, which changes nothing about what runs",
            metadata: ["blueprint": "\(self.name)"])
    }

    /// What it consists of. From now on nothing can be added.
    func close() -> BlueprintContents {
        self.state.withLock { state in
            state.isRegistered = true
            return state.contents
        }
    }

    /// The application starts. A later addition is logged, because it can prevent the start no more.
    ///
    /// - Throws: ``RouteError`` if something was added after the registration: it would never run.
    func start(_ logger: Logger) throws(RouteError) {
        let error = self.state.withLock { state in
            state.logger = logger
            return state.lateAddition
        }
        if let error { throw error }
    }
}

/// What a blueprint consists of.
struct BlueprintContents: Sendable {
    private(set) var routes: [RouteAddition] = []
    private(set) var hooks = Hooks()
    private(set) var publicRoutes: [String] = []
    private(set) var blueprints: [BlueprintAddition] = []

    fileprivate mutating func add(_ addition: ScaffoldAddition.Value) {
        switch addition {
        case .route(let route): self.routes.append(route)
        case .publicRoutes(let names): self.publicRoutes += names
        case .blueprint(let blueprint): self.blueprints.append(blueprint)
        case .hook(let hook): self.hooks.add(hook)
        }
    }
}

extension ScaffoldAddition.Value {
    /// For an error message.
    fileprivate var words: String {
        switch self {
        case .route(let route): "the route \"\(route.rule)\""
        case .blueprint(let addition): "the blueprint \"\(addition.blueprint.name)\""
        case .hook, .publicRoutes: "a hook or an error handler"
        }
    }
}
