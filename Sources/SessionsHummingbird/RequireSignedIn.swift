// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

public import Hummingbird
import Sessions

/// Lets only signed-in users pass; other visitors get 401.
///
/// ```swift
/// router.add(middleware: SessionMiddleware(sessions))
/// let account = router.group("account").add(middleware: RequireSignedIn())
/// account.get { _, context in "Hello \(try await context.session.user ?? "")" }
/// router.group("password").add(middleware: RequireSignedIn(within: .seconds(600)))
///     .post { _, _ in "changed" }
/// ```
///
/// Add it after ``SessionMiddleware`` and before the routes. It throws `SignInRequired`. A middleware before
/// it may answer that in its own way, for example with a redirect to the sign-in page.
public struct RequireSignedIn<Context: SessionRequestContext>: RouterMiddleware {
    private let freshness: Duration?

    /// Lets every signed-in user pass.
    public init() {
        self.freshness = nil
    }

    /// Lets a user pass who has signed in, or authenticated again (step-up authentication), within this time.
    public init(within freshness: Duration) {
        self.freshness = freshness
    }

    /// Checks the session, and passes the request on or refuses it.
    ///
    /// - Throws: `SignInRequired`; and `SessionError` when no session middleware ran before.
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
