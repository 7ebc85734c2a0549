// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

public import Hummingbird
import Logging
public import Sessions

/// Opens the session of each request before the handler, and commits it afterwards, however the handler ends.
///
/// ```swift
/// let sessions = try SessionManager(keys: SecretKeys(key))
/// let router = Router(context: BasicSessionRequestContext.self)
/// router.add(middleware: SessionMiddleware(sessions))   // before the routes that use it
/// router.get("/count") { request, context in
///     let count = try context.session.update("count", default: 0) { $0 += 1 }
///     return "\(count)"
/// }
/// ```
///
/// A handler that throws has its session committed all the same, as in Flask: the headers travel with the error, which
/// is thrown on as a ``SessionResponseError``. A session that cannot be committed makes the response an error.
public struct SessionMiddleware<Context: SessionRequestContext>: RouterMiddleware {
    private let sessions: SessionManager

    /// A middleware for the sessions of one manager.
    public init(_ sessions: SessionManager) {
        self.sessions = sessions
    }

    /// Opens the session, answers the request, and commits the session.
    ///
    /// - Throws: ``SessionResponseError`` for whatever the handler throws, and for a session that cannot be committed.
    public func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        // Added twice, it must not open a second session over the first.
        guard context.sessionSlot.session == nil else { return try await next(request, context) }
        let session = try await self.open(request, context: context)
        var context = context
        context.sessionSlot = SessionSlot(session)
        do {
            var response = try await next(request, context)
            try await self.commit(session, context: context).apply(to: &response.headers)
            return response
        } catch let error as SessionResponseError {
            throw error
        } catch {
            let headers = try await self.commit(session, context: context)
            throw SessionResponseError(underlyingError: error, sessionHeaders: headers)
        }
    }

    private func open(_ request: Request, context: Context) async throws(SessionResponseError) -> Session {
        do {
            return try await self.sessions.open(
                request.headers[values: .cookie], from: CrossSiteRequest(request),
                userAgent: request.headers[.userAgent],
                logger: context.logger)
        } catch {
            throw SessionResponseError(underlyingError: error, sessionHeaders: SessionHeaders())
        }
    }

    private func commit(_ session: Session, context: Context) async throws(SessionResponseError) -> SessionHeaders {
        do {
            return try await self.sessions.commit(session, logger: context.logger)
        } catch {
            // A visitor who is signed in too often is no fault of the server.
            let level: Logger.Level = (error as? SessionError)?.code == .sessionLimitReached ? .info : .error
            context.logger.log(
                level: level, "the session could not be committed", metadata: ["error": "\(error)"])
            throw SessionResponseError(
                underlyingError: error, sessionHeaders: self.sessions.headersAfterFailure(of: session))
        }
    }
}
