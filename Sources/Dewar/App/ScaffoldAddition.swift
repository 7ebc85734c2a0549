// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import HTTPTypes

/// What was added to an ``App`` or a ``Blueprint``: a route, a hook, an error handler, or another blueprint.
public struct ScaffoldAddition: Sendable {
    enum Value: Sendable {
        case route(RouteAddition)
        case hook(HookAddition)
        /// Routes that every visitor may see: ``Scaffold/requireSignedIn(except:)``.
        case publicRoutes([String])
        case blueprint(BlueprintAddition)
    }

    let value: Value
}

struct RouteAddition: Sendable {
    let rule: String
    let methods: [HTTPRequest.Method]
    let name: String?
    let usesSession: Bool
    let handler: App.Handler
    let place: SourcePlace
}

struct BlueprintAddition: Sendable {
    let blueprint: Blueprint
    let urlPrefix: String?
    let name: String?
}

enum HookAddition: Sendable {
    case beforeRequest(Action<App.BeforeHook>)
    case afterRequest(Action<App.AfterHook>)
    case statusHandler(Int, Hooks.StatusHandler)
    case errorHandler(Hooks.ErrorHandler)
}
