// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

public import Hummingbird
import Sessions

/// Lets only those pass who are signed in; others get 401.
///
/// ```swift
/// router.add(middleware: SessionMiddleware(sessions))
/// let account = router.group("account").add(middleware: RequireSignedIn())
/// account.get { _, context in "Hello \(try await context.session.user ?? "")" }
/// router.group("password").add(middleware: RequireSignedIn(within: .seconds(600)))
///     .post { _, _ in "changed" }
/// ```
///
/// Add it after ``SessionMiddleware`` and before the routes. It throws ``Sessions/SignInRequired``, which a middleware
/// before it may answer in its own way, with a redirect to the sign-in page for instance.
public struct RequireSignedIn<Context: SessionRequestContext>: RouterMiddleware {
    private let freshness: Duration?

    /// A user who is signed in passes.
    public init() {
        self.freshness = nil
    }

    /// A user who has proved within this time who they are passes, at the sign-in or again since (step-up
    /// authentication).
    public init(within freshness: Duration) {
        self.freshness = freshness
    }

    /// Asks the session, and lets the request pass or not.
    ///
    /// - Throws: ``Sessions/SignInRequired``; and ``SessionError`` when no session middleware ran before.
    public func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        let session = try await context.session
        if let freshness {
            try session.requireFresh(within: freshness)
        } else {
            try session.requireSignedIn()
        }
        return try await next(request, context)
    }
}
