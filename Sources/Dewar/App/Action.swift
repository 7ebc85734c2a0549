// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// A hook of the application, and whether it may look at the session. If so, the session is opened before it runs.
struct Action<Function: Sendable>: Sendable {
    let usesSession: Bool
    let function: Function
}

/// A handler and its route. A table of routes copies what it finds with every request: a class is one pointer.
final class RouteAction: Sendable {
    /// Whether the handler may look at the session. If so, the session is opened before it runs.
    let usesSession: Bool
    let handler: App.Handler
    let info: RouteInfo
    /// The innermost blueprint that the route belongs to; nil for a route of the application itself.
    let blueprint: RegisteredBlueprint?

    init(usesSession: Bool, handler: @escaping App.Handler, info: RouteInfo, blueprint: RegisteredBlueprint?) {
        self.usesSession = usesSession
        self.handler = handler
        self.info = info
        self.blueprint = blueprint
    }
}
