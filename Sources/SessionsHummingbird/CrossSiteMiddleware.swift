// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import HTTPTypes
public import Hummingbird
import Logging
import NIOCore
public import Sessions

/// Refuses cross-site requests with 403: those that another site makes a visitor's browser send.
///
/// ```swift
/// router.add(middleware: SessionMiddleware(sessions))
/// router.add(middleware: try CrossSiteMiddleware(CrossSitePolicy(trustedOrigins: ["https://pay.example"])))
/// ```
///
/// Add it after ``SessionMiddleware`` and before the routes. `CrossSiteGuard` describes what is refused. The
/// middleware looks for a CSRF token in the header `X-CSRF-Token`, and in the field `csrf_token` of a urlencoded form.
/// For a multipart form send the header.
public struct CrossSiteMiddleware<Context: SessionRequestContext>: RouterMiddleware {
    private let guardian: CrossSiteGuard
    private let maximumForm: Int

    /// A middleware for a policy.
    ///
    /// - Parameters:
    ///   - policy: Which cross-site requests are allowed, and which requests must carry a CSRF token.
    ///   - maximumForm: The largest form, in bytes, in which the middleware looks for a token; a larger one gets 413.
    /// - Throws: `SessionError` for a trusted origin or an exempt path that is not valid.
    public init(_ policy: CrossSitePolicy = CrossSitePolicy(), maximumForm: Int = 1 << 20) throws(SessionError) {
        self.guardian = try CrossSiteGuard(policy)
        self.maximumForm = maximumForm
    }

    /// Checks the request, and passes it on or refuses it.
    ///
    /// - Throws: `HTTPError` 403 with the reason; `SessionError` when the request may need a token and no session
    ///   middleware ran before.
    public func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        var request = request
        do {
            try await self.check(&request, context: context)
        } catch let refusal as CrossSiteRefusal {
            context.logger.info("request refused", metadata: ["session.crossSite": "\(refusal.kind.description)"])
            throw HTTPError(.forbidden, message: refusal.description)
        }
        return try await next(request, context)
    }

    private func check(_ request: inout Request, context: Context) async throws {
        let verdict = try self.guardian.check(CrossSiteRequest(request.head))
        guard self.guardian.mayDemandToken(after: verdict) else { return }
        let session = try await context.session
        guard self.guardian.demandsToken(after: verdict, in: session) else { return }
        try self.guardian.check(token: try await self.token(of: &request), in: session)
    }

    private func token(of request: inout Request) async throws -> String? {
        if let token = request.headers.crossSiteToken { return token }
        let type = request.headers[.contentType]?.prefix { $0 != ";" && $0 != " " }.lowercased()
        guard type == "application/x-www-form-urlencoded" else { return nil }
        do {
            return Self.token(inForm: try await request.collectBody(upTo: self.maximumForm).readableBytesView)
        } catch is NIOTooManyBytesError {
            throw HTTPError(.contentTooLarge)
        }
    }

    /// A token has only letters, digits, `-` and `_`, none of which a form encodes.
    private static func token(inForm form: ByteBufferView) -> String? {
        let name = Array("\(CrossSiteGuard.fieldName)=".utf8)
        let field = form.split(separator: UInt8(ascii: "&")).first { $0.starts(with: name) }
        return field.map { String(decoding: $0.dropFirst(name.count), as: UTF8.self) }
    }
}
