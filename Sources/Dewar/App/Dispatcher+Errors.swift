// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import HTTPTypes
import Hummingbird
import Logging
import Sessions
import SessionsHTTP
import SessionsHummingbird
import SessionsPages
import SessionsSignIn

/// How errors become responses, in Flask's two steps: `handle_user_exception` for what stands for an answer or has a
/// handler of its own, and `handle_exception` for a failure of the server.
extension Dispatcher {
    /// The answer to a request that met an error, after the `afterRequest` hooks.
    func response(to request: Request, in blueprint: RegisteredBlueprint?, for error: any Error) async -> Response {
        let page: Response?
        do {
            page = try await self.handled(error, request: request, blueprint: blueprint)
            if page != nil { try RequestScope.current?.throwFailure() }
        } catch {
            return await self.failed(error, "an error handler failed", request, blueprint)
        }
        guard let page else { return await self.failed(error, "unhandled error", request, blueprint) }
        return await self.finished(page, of: request, in: blueprint)
    }

    /// A response after the `afterRequest` hooks. An error of theirs is a failure of the server, whatever answer it
    /// stands for elsewhere: the handler has done its work by then, and a 403 would say that nothing was done.
    func finished(_ response: Response, of request: Request, in blueprint: RegisteredBlueprint?) async -> Response {
        do {
            return try await self.changed(response, of: request, in: blueprint)
        } catch {
            return await self.failed(error, "an afterRequest hook failed", request, blueprint)
        }
    }

    /// The page of a failure of the server, after the hooks. Where they fail too the page is sent as it is: a hook that
    /// always fails would otherwise leave no answer.
    private func failed(
        _ error: any Error, _ event: Logger.Message, _ request: Request, _ blueprint: RegisteredBlueprint?
    ) async -> Response {
        request.logger.error(event, metadata: ["error": "\(error)"])
        self.logEarlierFailure(of: request)
        let page = await self.failurePage(of: error, request: request, blueprint: blueprint)
        do {
            return try await self.changed(page, of: request, in: blueprint)
        } catch {
            request.logger.error("an afterRequest hook failed on an error page", metadata: ["error": "\(error)"])
            return page
        }
    }

    /// A URL that could not be made before the error is no mistake of the page that follows, which would be dropped for
    /// it.
    private func logEarlierFailure(of request: Request) {
        do {
            try RequestScope.current?.throwFailure()
        } catch {
            request.logger.error("unhandled error", metadata: ["error": "\(error)"])
        }
    }

    /// The page of the handler for the status, which gets the error itself; without one, a plain page.
    private func failurePage(
        of error: any Error, request: Request, blueprint: RegisteredBlueprint?
    ) async -> Response {
        let isOutage = (error as? SessionError)?.kind == .storeUnavailable
        let status: HTTPResponse.Status = isOutage ? .serviceUnavailable : .internalServerError
        var page: Response
        if self.development.shows(to: request) {
            page = await DevelopmentPage.failure(error, status: status.named, request: request)
        } else if let handler = self.first(of: blueprint, { $0.statusHandlers[status.code] }) {
            do {
                await self.openIfPossible(request)
                page = try await handler(request, error)
                try RequestScope.current?.throwFailure()
            } catch {
                request.logger.error("an error handler failed", metadata: ["error": "\(error)"])
                return HTTPException(.internalServerError).response
            }
        } else {
            page = HTTPException(status).response
        }
        page.addFields(of: error)
        return page
    }

    /// The answer that an error stands for, or that of a handler for its type; nil for a failure of the server.
    private func handled(
        _ error: any Error, request: Request, blueprint: RegisteredBlueprint?
    ) async throws -> Response? {
        guard var response = try await self.answered(error, request: request, blueprint: blueprint) else { return nil }
        response.addFields(of: error)
        return response
    }

    private func answered(
        _ error: any Error, request: Request, blueprint: RegisteredBlueprint?
    ) async throws -> Response? {
        if let handler = self.first(of: blueprint, { $0.handler(for: error) }) {
            await self.openIfPossible(request)
            return try await handler(request)
        }
        if let response = try self.redirectToSignIn(request, for: error) { return response }
        guard let exception = Self.exception(for: error) else { return nil }
        if let handler = self.first(of: blueprint, { $0.statusHandlers[exception.status.code] }) {
            await self.openIfPossible(request)
            return try await handler(request, error)
        }
        if exception.status == .notFound, request.route == nil, self.development.shows(to: request) {
            return DevelopmentPage.notFound(request, routes: self.definition.listedRoutes)
        }
        if exception.place != nil, self.development.shows(to: request) {
            var response = await DevelopmentPage.failure(exception, status: exception.status, request: request)
            response.headers.append(contentsOf: exception.headers)
            return response
        }
        return exception.response
    }

    /// What the innermost blueprint has, or else one around it, or else the application.
    private func first<Handler>(of blueprint: RegisteredBlueprint?, _ find: (Hooks) -> Handler?) -> Handler? {
        if let blueprint {
            for blueprint in blueprint.chain {
                if let handler = find(blueprint.hooks) { return handler }
            }
        }
        return find(self.definition.hooks)
    }

    /// The answer that an error stands for; nil for any other error, which is the server's own failure.
    private static func exception(for error: any Error) -> HTTPException? {
        switch error {
        case let error as HTTPException: error
        case is MissingFieldError: HTTPException(.badRequest)
        case let error as CrossSiteRefusal: HTTPException(.forbidden, error.description)
        case let error as PageForbidden: HTTPException(.forbidden, error.description)
        case let error as SignInRequired: HTTPException(error.status, error.advice)
        case let error as SignInLimitReached: HTTPException(error.status, error.description)
        case let error as SessionError where error.kind == .sessionLimitReached:
            HTTPException(
                error.status,
                "You are signed in on as many devices as this site allows. Please sign out on one of them.")
        case is FormTooLargeError: HTTPException(.contentTooLarge)
        case let error as HTTPError: HTTPException(error.status, error.body, headers: error.headers)
        case let error as AppError where error.kind == .tooMuchBackgroundWork: HTTPException(.serviceUnavailable)
        case let error as any HTTPResponseError: HTTPException(error.status)
        default: nil
        }
    }
}

extension Response {
    /// Adds the fields that belong to an error, where the status is the error's own.
    fileprivate mutating func addFields(of error: any Error) {
        if let error = error as? SignInRequired { self.challenge(for: error) }
        if let error = error as? SignInLimitReached, self.status == error.status {
            error.addRetryAfter(to: &self.headers)
        }
        if let error = error as? SessionError, self.status == error.status {
            error.addRetryAfter(to: &self.headers)
        }
    }
}
