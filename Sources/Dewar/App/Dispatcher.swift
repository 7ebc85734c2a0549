// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Sessions
import SessionsHummingbird
import SessionsSignIn

/// Takes a request through hooks and handler to a response, errors included (Flask's `full_dispatch_request`).
struct Dispatcher: Sendable {
    let definition: AppDefinition
    let crossSite: CrossSiteGuard

    /// The answer to a request and the name of its route. An error on the way becomes a response.
    func respond(to request: Request, target: String) async -> (Response, routeName: String?) {
        var request = request
        let match = self.definition.routes.match(method: request.method.rawValue, path: RequestTarget(target).path)
        if case .found(_, let name, let parameters) = match {
            request.parameters = Parameters(parameters)
            request.routeName = name
        }
        RequestScope.current?.request = request
        var response: Response
        do {
            response = try await self.answer(request, match: match, target: target)
            try RequestScope.current?.throwFailure()
        } catch {
            response = await self.response(to: request, for: error)
        }
        return (await self.finished(response, of: request), request.routeName)
    }

    /// A response after all `afterRequest` hooks have run.
    func finished(_ response: Response, of request: Request) async -> Response {
        var response = response
        do {
            for hook in self.definition.afterHooks.reversed() {
                if hook.usesSession { await self.openIfPossible(request) }
                response = try await hook.function(request, response)
            }
            try RequestScope.current?.throwFailure()
            return response
        } catch {
            return await self.response(to: request, for: error)
        }
    }

    /// The answer to a failure that is not passed to the application's error handlers.
    func failure(_ error: any Error, logger: Logger) -> Response {
        logger.error("request failed", metadata: ["error": "\(error)"])
        return HTTPException((error as? any HTTPResponseError)?.status ?? .internalServerError).response
    }

    // MARK: - Hooks and handler

    private func answer(
        _ request: Request, match: RouteMatch<Action<App.Handler>>, target: String
    ) async throws -> Response {
        try await self.crossSite.check(request)
        for hook in self.definition.beforeHooks {
            if let response = try await self.answer(request, from: hook) { return response }
        }
        switch match {
        case .found(let handler, _, _):
            if handler.usesSession { try await request.openSession() }
            return try await handler.function(request)
        case .automaticOptions(let allowed): return self.options(allowed)
        case .redirect(let path): return self.redirect(request, to: path, target: target)
        case .methodNotAllowed(let allowed):
            throw HTTPException(.methodNotAllowed, headers: [.allow: allowed.joined(separator: ", ")])
        case .notFound: throw HTTPException(.notFound)
        }
    }

    private func options(_ allowed: [String]) -> Response {
        Response(headers: [.contentType: Response.htmlType, .allow: allowed.joined(separator: ", ")])
    }

    /// The redirect to the path with the slashes that the rule has.
    ///
    /// The location is relative: a host that a visitor or a proxy names must not decide where a form with a password
    /// goes. It begins with one slash: two would lead to another host.
    private func redirect(_ request: Request, to path: String, target: String) -> Response {
        let query = RequestTarget(target).queryText.map { $0.isEmpty ? "" : "?" + $0 } ?? ""
        return Dewar.redirect(request.base.prefix + path + query, status: .permanentRedirect)
    }

    /// Opens the session for code that can run without one: an error page must be sent even while the store is out of
    /// reach.
    private func openIfPossible(_ request: Request) async {
        _ = try? await request.openSession()
    }

    // MARK: - Errors

    /// The answer to a request that met an error.
    func response(to request: Request, for error: any Error) async -> Response {
        do {
            var response = try await self.handled(error, request: request)
            try RequestScope.current?.throwFailure()
            if let error = error as? SignInRequired { response.challenge(for: error) }
            if let error = error as? SignInLimitReached, response.status == error.status {
                error.addRetryAfter(to: &response.headers)
            }
            if let error = error as? SessionError, response.status == error.status {
                error.addRetryAfter(to: &response.headers)
            }
            return response
        } catch {
            request.logger.error("an error handler failed", metadata: ["error": "\(error)"])
            return HTTPException(.internalServerError).response
        }
    }

    private func handled(_ error: any Error, request: Request) async throws -> Response {
        for handler in self.definition.errorHandlers {
            guard let handler = handler(error) else { continue }
            await self.openIfPossible(request)
            return try await handler(request)
        }
        if let response = try self.redirectToSignIn(request, for: error) { return response }
        let exception = Self.exception(for: error)
        if exception == nil { request.logger.error("unhandled error", metadata: ["error": "\(error)"]) }
        let status = exception?.status ?? (error as? SessionError)?.status ?? .internalServerError
        if let handler = self.definition.statusHandlers[status.code] {
            await self.openIfPossible(request)
            return try await handler(request, error)
        }
        return (exception ?? HTTPException(status)).response
    }

    /// The answer that an error stands for; nil for any other error, which is the server's own failure.
    private static func exception(for error: any Error) -> HTTPException? {
        switch error {
        case let error as HTTPException: error
        case is MissingFieldError: HTTPException(.badRequest)
        case let error as CrossSiteRefusal: HTTPException(.forbidden, error.description)
        case let error as SignInRequired: HTTPException(error.status, error.advice)
        case let error as SignInLimitReached: HTTPException(error.status, error.description)
        case let error as SessionError where error.kind == .sessionLimitReached:
            HTTPException(
                error.status,
                "You are signed in on as many devices as this site allows. Please sign out on one of them.")
        case is FormTooLargeError: HTTPException(.contentTooLarge)
        case let error as HTTPError: HTTPException(error.status, error.body, headers: error.headers)
        case let error as any HTTPResponseError: HTTPException(error.status)
        default: nil
        }
    }
}
