// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Sessions
import SessionsHTTP
import SessionsHummingbird

/// An application as Hummingbird sees it: middleware around the session, the session around the dispatcher.
final class AppResponder: HTTPResponder {
    typealias Context = AppRequestContext

    private let definition: AppDefinition
    private let pages: AppPages
    private let dispatcher: Dispatcher
    private let sessions: SessionManager
    private let address: PublicAddress
    private let compressor: ResponseCompressor?

    init(
        definition: AppDefinition, pages: AppPages, sessions: SessionManager, crossSite: CrossSiteGuard,
        development: DevelopmentMode, address: PublicAddress
    ) {
        self.definition = definition
        self.pages = pages
        self.dispatcher = Dispatcher(definition: definition, crossSite: crossSite, development: development)
        self.sessions = sessions
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
        response.frame(for: request.method)
        return response
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
            return self.dispatcher.failure(error, logger: context.logger).hummingbird
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
            // A session middleware that was added to the application commits its session itself.
            if let session = context.sessionSlot.session {
                return await self.page(for: request, session: session, context: context, visit: visit, scope: scope)
            }
            let exchange = SessionExchange(self.sessions, request.head, logger: context.logger)
            var response = await self.page(
                for: request, session: exchange.lazySession, context: context, visit: visit, scope: scope)
            switch await exchange.commit() {
            case .saved(let headers): headers.apply(to: &response.headers)
            case .refused:
                let refusal = HTTPResponse.afterPrefetch
                response = HummingbirdCore.Response(status: refusal.status, headers: refusal.headerFields)
            case .failed(let error, let headers):
                response = await self.answer(to: error, headers: headers, scope: scope, context: context)
            }
            return response
        }
    }

    /// What hooks, handler and error handlers answer.
    private func page(
        for request: HummingbirdCore.Request, session: LazySession, context: AppRequestContext, visit: Visit,
        scope: RequestScope
    ) async -> HummingbirdCore.Response {
        let target = RequestTarget(request.head.path ?? "/")
        let path = RoutePath.decode(target.path)
        let parts = RequestParts(
            method: request.method, path: String(decoding: path, as: UTF8.self), headers: request.headers,
            query: target.query, logger: context.logger, visitor: visit.visitor, lazySession: session,
            sessionCookieName: self.sessions.configuration.cookie.name, base: visit.base,
            content: RequestContent(request, limits: self.definition.limits),
            nonce: self.definition.contentSecurityPolicy.map { _ in PageNonce() })
        let (response, routeName) = await self.dispatcher.respond(to: Request(parts), path: path, in: scope)
        // Metrics count by this text. A path would not do: clients can send any number of different paths.
        context.coreContext.endpointPath.value = routeName ?? "NotFound"
        return response.hummingbird
    }

    /// The error handlers' answer to a session that could not be committed, because the store is out of reach or a
    /// sign-in is over the limit.
    private func answer(
        to error: any Error, headers: SessionHeaders, scope: RequestScope, context: AppRequestContext
    ) async -> HummingbirdCore.Response {
        guard let asked = scope.request else {
            return Self.answer(self.dispatcher.failure(error, logger: context.logger), for: error, headers: headers)
        }
        let response = await self.dispatcher.response(to: asked, in: scope.blueprint, for: error)
        // After the page: it may have used a session that the handler did not look at.
        return Self.answer(response, for: error, headers: asked.lazySession.headersAfterFailure)
    }

    private static func answer(
        _ response: Response, for error: any Error, headers: SessionHeaders
    ) -> HummingbirdCore.Response {
        var answer = response.hummingbird
        (error as? SessionError)?.addRetryAfter(to: &answer.headers)
        headers.apply(to: &answer.headers)
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
}
