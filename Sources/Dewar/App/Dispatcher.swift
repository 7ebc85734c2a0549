// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Sessions
import SessionsHummingbird

/// Takes a request through hooks and handler to a response, errors included (Flask's `full_dispatch_request`).
final class Dispatcher: Sendable {
    let definition: AppDefinition
    let crossSite: CrossSiteGuard
    let development: DevelopmentMode

    init(definition: AppDefinition, crossSite: CrossSiteGuard, development: DevelopmentMode) {
        self.definition = definition
        self.crossSite = crossSite
        self.development = development
    }

    /// The answer to a request and the name of its route. An error on the way becomes a response.
    ///
    /// - Parameters:
    ///   - request: The request.
    ///   - path: Its path, percent-decoded.
    ///   - scope: Where the request and its route are noted.
    func respond(
        to request: Request, path: [UInt8], in scope: RequestScope
    ) async -> (Response, routeName: String?) {
        var request = request
        let match = self.definition.routes.match(method: request.method.rawValue, decodedPath: path)
        var blueprint: RegisteredBlueprint?
        switch match {
        case .found(let action, _, let parameters):
            request.parameters = Parameters(parameters)
            (request.route, blueprint) = (action.info, action.blueprint)
        case .automaticOptions(let action, _): (request.route, blueprint) = (action.info, action.blueprint)
        default: break
        }
        scope.begin(request, in: blueprint)
        let response: Response
        do {
            response = try await self.answer(request, match: match, blueprint: blueprint)
            try scope.throwFailure()
        } catch {
            return (await self.response(to: request, in: blueprint, for: error), request.routeName)
        }
        return (await self.finished(response, of: request, in: blueprint), request.routeName)
    }

    /// A response after all `afterRequest` hooks have run: those of the inner blueprint first, and those of the
    /// application last.
    func changed(
        _ response: Response, of request: Request, in blueprint: RegisteredBlueprint?
    ) async throws -> Response {
        var response = response
        if let blueprint {
            for blueprint in blueprint.chain {
                response = try await self.changed(response, of: request, by: blueprint.hooks)
            }
        }
        if !self.definition.hooks.after.isEmpty {
            response = try await self.changed(response, of: request, by: self.definition.hooks)
        }
        try RequestScope.current?.throwFailure()
        return response
    }

    private func changed(_ response: Response, of request: Request, by hooks: Hooks) async throws -> Response {
        var response = response
        for hook in hooks.after.reversed() {
            if hook.usesSession { await self.openIfPossible(request) }
            response = try await hook.function(request, response)
        }
        return response
    }

    /// The answer to a failure that is not passed to the application's error handlers.
    func failure(_ error: any Error, logger: Logger) -> Response {
        logger.error("request failed", metadata: ["error": "\(error)"])
        return HTTPException((error as? any HTTPResponseError)?.status ?? .internalServerError).response
    }

    // MARK: - Hooks and handler

    private func answer(
        _ request: Request, match: RouteMatch<RouteAction>, blueprint: RegisteredBlueprint?
    ) async throws -> Response {
        try await self.crossSite.check(request)
        for hook in self.definition.hooks.before {
            if let response = try await self.answer(request, from: hook) { return response }
        }
        if let blueprint, let response = try await self.answer(request, fromHooksOf: blueprint) { return response }
        switch match {
        case .found(let action, _, _):
            if action.usesSession { try await request.openSession() }
            return self.mayDependOnSession(try await action.handler(request), action)
        case .automaticOptions(_, let allowed): return self.options(allowed)
        case .redirect(let path): return self.redirect(request, to: path)
        case .methodNotAllowed(let allowed):
            throw HTTPException(.methodNotAllowed, headers: [.allow: allowed.joined(separator: ", ")])
        case .notFound: throw HTTPException(.notFound)
        }
    }

    /// A body that is made while it is sent may look at the session after the fields have gone. Caches must not show it to
    /// others, and it is not compressed.
    private func mayDependOnSession(_ response: Response, _ action: RouteAction) -> Response {
        guard action.usesSession, case .stream = response.body else { return response }
        var response = response
        SessionHeaders(variesOnCookie: true).apply(to: &response.headers)
        return response
    }

    /// The answer of a blueprint's hook; those of the outer blueprint run first.
    private func answer(_ request: Request, fromHooksOf blueprint: RegisteredBlueprint) async throws -> Response? {
        for blueprint in blueprint.chain.reversed() {
            for hook in blueprint.hooks.before {
                if let response = try await self.answer(request, from: hook) { return response }
            }
        }
        return nil
    }

    private func options(_ allowed: [String]) -> Response {
        Response(headers: [.contentType: Response.htmlType, .allow: allowed.joined(separator: ", ")])
    }

    /// The redirect to the path with the slashes that the rule has.
    ///
    /// The location is relative: a host that a visitor or a proxy names must not decide where a form with a password
    /// goes. It begins with one slash: two would lead to another host.
    private func redirect(_ request: Request, to path: String) -> Response {
        let target = RequestTarget(request.content.request.head.path ?? "/")
        let query = target.queryText.map { $0.isEmpty ? "" : "?" + $0 } ?? ""
        return Dewar.redirect(request.base.prefix + path + query, status: .permanentRedirect)
    }

    /// Opens the session for code that can run without one: an error page must be sent even while the store is out of
    /// reach.
    func openIfPossible(_ request: Request) async {
        _ = try? await request.openSession()
    }
}
