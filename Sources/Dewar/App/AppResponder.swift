// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Sessions
import SessionsHummingbird

/// An application as Hummingbird sees it: middleware around the session, the session around the dispatcher.
struct AppResponder: HTTPResponder {
    typealias Context = AppRequestContext

    private let definition: AppDefinition
    private let pages: AppPages
    private let dispatcher: Dispatcher
    private let sessionMiddleware: SessionMiddleware<AppRequestContext>
    private let sessionCookieName: String
    private let address: PublicAddress
    private let compressor: ResponseCompressor?

    init(
        definition: AppDefinition, pages: AppPages, sessions: SessionManager, crossSite: CrossSiteGuard,
        development: DevelopmentMode, address: PublicAddress
    ) {
        self.definition = definition
        self.pages = pages
        self.dispatcher = Dispatcher(definition: definition, crossSite: crossSite, development: development)
        self.sessionMiddleware = SessionMiddleware(sessions)
        self.sessionCookieName = sessions.configuration.cookie.name
        self.address = address
        self.compressor = definition.compression.map(ResponseCompressor.init)
    }

    func respond(
        to request: HummingbirdCore.Request, context: AppRequestContext
    ) async throws -> HummingbirdCore.Response {
        let request = context.channel.map { request.announcingBody(on: $0) } ?? request
        var response = self.final(try await self.response(to: request, context: context), context: context)
        // What a middleware has answered, and a request that was refused, have no page with a nonce.
        self.definition.contentSecurityPolicy?.add(to: &response, nonce: nil)
        self.definition.securityHeaders.add(
            to: &response.headers, isSecure: self.address.isSecure(request.head), status: response.status)
        self.compressor?.compress(&response, for: request.method, request.headers)
        return response.framed(for: request.method)
    }

    private func response(
        to request: HummingbirdCore.Request, context: AppRequestContext
    ) async throws -> HummingbirdCore.Response {
        do {
            return try await self.respond(
                to: request, context: context, middlewares: self.definition.middlewares[...])
        } catch let error as any HTTPResponseError {
            return try error.response(from: request, context: context)
        } catch {
            return self.failure(error, context: context)
        }
    }

    /// The response, or a 500 in place of a status below 200, after which the client would wait for another response.
    private func final(
        _ response: HummingbirdCore.Response, context: AppRequestContext
    ) -> HummingbirdCore.Response {
        guard response.status.code < 200 else { return response }
        context.logger.error(
            "the status of a response must be 200 or more", metadata: ["status": "\(response.status.code)"])
        var failure = HTTPException(.internalServerError).response.hummingbird
        // The session's headers are sent all the same.
        for name in [HTTPField.Name.setCookie, .vary, .cacheControl] {
            failure.headers[values: name] = response.headers[values: name]
        }
        return failure
    }

    private func respond(
        to request: HummingbirdCore.Request, context: AppRequestContext,
        middlewares: ArraySlice<
            any MiddlewareProtocol<HummingbirdCore.Request, HummingbirdCore.Response, AppRequestContext>
        >
    ) async throws -> HummingbirdCore.Response {
        guard let first = middlewares.first else { return await self.answer(request, context: context) }
        return try await first.handle(request, context: context) { request, context in
            try await self.respond(to: request, context: context, middlewares: middlewares.dropFirst())
        }
    }

    private func answer(
        _ request: HummingbirdCore.Request, context: AppRequestContext
    ) async -> HummingbirdCore.Response {
        let visit: Visit
        do throws(RequestRefusal) {
            visit = try self.address.visit(request.head, from: context.remoteAddress)
        } catch {
            return Self.badRequest(because: error, context: context)
        }
        let scope = RequestScope(base: visit.base, pages: self.pages)
        // After the session has been committed, and after an error too.
        defer { scope.startBackgroundWork() }
        var response = await self.answer(request, context: context, visit: visit, scope: scope)
        if let policy = self.definition.contentSecurityPolicy {
            policy.add(to: &response, nonce: scope.request?.nonce?.used)
        }
        return response
    }

    private func answer(
        _ request: HummingbirdCore.Request, context: AppRequestContext, visit: Visit, scope: RequestScope
    ) async -> HummingbirdCore.Response {
        await RequestScope.$current.withValue(scope) {
            do {
                return try await self.sessionMiddleware.handle(request, context: context) { request, context in
                    guard let session = context.sessionSlot.session else { throw HTTPException(.internalServerError) }
                    let appRequest = self.appRequest(request, session: session, context: context, visit: visit)
                    scope.begin(appRequest)
                    let target = request.head.path ?? "/"
                    let (response, routeName) = await self.dispatcher.respond(to: appRequest, target: target)
                    // Metrics count by this text. A path would not do: clients can send any number of different paths.
                    context.coreContext.endpointPath.value = routeName ?? "NotFound"
                    return response.hummingbird
                }
            } catch {
                return await self.answer(to: error, scope: scope) ?? self.failure(error, context: context)
            }
        }
    }

    /// The error handlers' answer to a session that could not be committed, because the store is out of reach or a
    /// sign-in is over the limit. Nil for any other error, and for a request that did not reach the dispatcher.
    private func answer(to error: any Error, scope: RequestScope) async -> HummingbirdCore.Response? {
        guard let error = error as? SessionResponseError, let asked = scope.request else { return nil }
        let page = await self.dispatcher.response(to: asked, in: scope.blueprint, for: error.underlyingError)
        let response = await self.dispatcher.finished(page, of: asked, in: scope.blueprint)
        // After the page: it may have used a session that the handler did not look at.
        let headers = asked.lazySession.headersAfterFailure
        return Self.answer(response, for: error.underlyingError, headers: headers)
    }

    /// The answer to a failure outside of the application's handlers, with the session's headers: a 500, unless the
    /// error has a status of its own.
    private func failure(_ error: any Error, context: AppRequestContext) -> HummingbirdCore.Response {
        let response = self.dispatcher.failure(error, logger: context.logger)
        let failed = error as? SessionResponseError
        return Self.answer(response, for: failed?.underlyingError, headers: failed?.sessionHeaders)
    }

    private static func answer(
        _ response: Response, for error: (any Error)?, headers: SessionHeaders?
    ) -> HummingbirdCore.Response {
        var answer = response.hummingbird
        (error as? SessionError)?.addRetryAfter(to: &answer.headers)
        headers?.apply(to: &answer.headers)
        return answer
    }

    /// The answer to a request whose host is unclear or not trusted. No session is opened, and no handler sees the
    /// request.
    private static func badRequest(
        because refusal: RequestRefusal, context: AppRequestContext
    ) -> HummingbirdCore.Response {
        context.logger.info("request refused", metadata: ["request.refusal": "\(refusal.rawValue)"])
        context.coreContext.endpointPath.value = "BadRequest"
        return HTTPException(.badRequest).response.hummingbird
    }

    private func appRequest(
        _ request: HummingbirdCore.Request, session: LazySession, context: AppRequestContext, visit: Visit
    ) -> Request {
        let target = RequestTarget(request.head.path ?? "/")
        return Request(
            method: request.method, path: String(decoding: RoutePath.decode(target.path), as: UTF8.self),
            headers: request.headers, query: target.query, logger: context.logger,
            visitor: visit.visitor, lazySession: session, sessionCookieName: self.sessionCookieName,
            base: visit.base, content: RequestContent(request, limits: self.definition.limits),
            nonce: self.definition.contentSecurityPolicy.map { _ in PageNonce() })
    }
}
