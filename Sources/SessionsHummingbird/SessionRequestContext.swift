// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

public import Hummingbird
public import Sessions

/// A request context with room for a session.
///
/// ```swift
/// struct AppContext: SessionRequestContext {
///     var coreContext: CoreRequestContextStorage
///     var sessionSlot = SessionSlot()
///
///     init(source: Source) {
///         self.coreContext = .init(source: source)
///     }
/// }
/// ```
public protocol SessionRequestContext: RequestContext {
    /// The slot into which ``SessionMiddleware`` puts the session; empty at first.
    var sessionSlot: SessionSlot { get set }
}

extension SessionRequestContext {
    /// The visitor's session. Its first use in a request opens it, and may read the store.
    ///
    /// ```swift
    /// router.get("/") { request, context in
    ///     let username: String? = try await context.session["username"]
    ///     return "Logged in as \(username ?? "nobody")"
    /// }
    /// ```
    ///
    /// - Throws: `SessionError` of the kind `missingMiddleware` when no ``SessionMiddleware`` ran before the
    ///   handler, and `storeUnavailable` when the store is out of reach, unless `SessionConfiguration.outagePolicy`
    ///   then makes the visitor anonymous; `CancellationError` when the task is cancelled.
    public var session: Session {
        get async throws {
            guard let session = self.sessionSlot.session else {
                throw SessionError(
                    .missingMiddleware,
                    """
                    There is no session here because no SessionMiddleware ran before this handler. Add \
                    router.add(middleware: SessionMiddleware(sessions)) above the routes that use the session.
                    """)
            }
            return try await session.open()
        }
    }
}

/// The place in a request context where ``SessionMiddleware`` puts the session.
public struct SessionSlot: Sendable {
    package let session: LazySession?

    /// An empty slot.
    public init() {
        self.session = nil
    }

    init(_ session: LazySession) {
        self.session = session
    }
}
