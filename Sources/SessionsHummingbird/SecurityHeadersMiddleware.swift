// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

public import Hummingbird
public import Sessions

/// Adds the headers that protect pages to every response, except those that a handler has set.
///
/// ```swift
/// router.add(middleware: SecurityHeadersMiddleware())  // before all others
/// ```
///
/// Hummingbird does not say whether an HTTP/1 connection has TLS. `Strict-Transport-Security` is sent where `isSecure`
/// is true: pass `{ _, _ in true }` for a server that visitors reach over HTTPS alone.
///
/// An error that has a response is turned into it here, so that this response has the headers too.
public struct SecurityHeadersMiddleware<Context: RequestContext>: RouterMiddleware {
    private let headers: SecurityHeaders
    private let isSecure: @Sendable (Request, Context) -> Bool

    /// A middleware for the headers.
    ///
    /// - Parameters:
    ///   - headers: The headers.
    ///   - isSecure: Whether a request came over HTTPS.
    public init(
        _ headers: SecurityHeaders = SecurityHeaders(),
        isSecure: @escaping @Sendable (Request, Context) -> Bool = { request, _ in request.head.scheme == "https" }
    ) {
        self.headers = headers
        self.isSecure = isSecure
    }

    /// Adds the headers to the response.
    public func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        var response: Response
        do {
            response = try await next(request, context)
        } catch let error as any HTTPResponseError {
            response = try error.response(from: request, context: context)
        }
        self.headers.add(
            to: &response.headers, isSecure: self.isSecure(request, context), status: response.status)
        return response
    }
}
