// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import HTTPTypes
import HummingbirdCore
import Sessions
import SessionsHummingbird

extension Dispatcher {
    /// The answer of a hook. A hook that requires every visitor to sign in does not block the sign-in page itself.
    func answer(
        _ request: Request, from hook: Action<App.BeforeHook>
    ) async throws -> Response? {
        do {
            if hook.usesSession { try await request.openSession() }
            return try await hook.function(request)
        } catch let error as SignInRequired where self.definition.isWayOut(of: error, request) {
            return nil
        }
    }

    /// The redirect to the sign-in page, for a visitor who asked for a page; nil where the answer is 401.
    func redirectToSignIn(_ request: Request, for error: any Error) throws -> Response? {
        guard let error = error as? SignInRequired, request.asksForPage,
            let route = self.definition.route(for: error.kind),
            // The sign-in page must not redirect to itself: the browser would loop.
            request.routeName?.utf8.elementsEqual(route.utf8) != true
        else { return nil }
        let target = request.base.prefix + (request.content.request.head.path ?? "/")
        let values: [(String, URLValue)] = LocalPath.accepts(target) ? [("next", .string(target))] : []
        var response = redirect(try self.definition.routes.urls.url(for: route, values: values, base: request.base))
        response.headers[.cacheControl] = "no-store"
        return response
    }
}

extension Request {
    /// Whether a browser would show the answer. A script cannot use a sign-in page in place of its data. A request
    /// without the field, from an old browser or another program, counts as one for a page.
    fileprivate var asksForPage: Bool {
        guard self.method == .get || self.method == .head else { return false }
        let mode = self.headers.first { $0.name.canonicalName == "sec-fetch-mode" }?.value
        return mode == nil || mode == "navigate"
    }
}

extension Response {
    /// Adds the fields that a 401 must have, unless a handler has set `WWW-Authenticate`.
    mutating func challenge(for error: SignInRequired) {
        guard self.status == .unauthorized, self.headers[.wwwAuthenticate] == nil else { return }
        for field in error.challenge { self.headers[field.name] = field.value }
    }
}
