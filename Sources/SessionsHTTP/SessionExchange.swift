// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

public import HTTPTypes
public import Logging
public import Sessions

/// The session of one request and its response, for any server whose requests and responses are those of
/// swift-http-types.
///
/// ```swift
/// func answer(_ request: HTTPRequest) async -> (HTTPResponse, String) {
///     let exchange = SessionExchange(sessions, request)
///     var response: HTTPResponse
///     var body: String
///     do {
///         (response, body) = try await handle(request, exchange)
///     } catch {
///         (response, body) = (HTTPResponse(answering: error) ?? HTTPResponse(status: .internalServerError), "")
///     }
///     if await !exchange.finish(&response) { body = "" }
///     return (response, body)
/// }
/// ```
///
/// Make one for each request, and finish it however the handler ends: what a handler did to the session before it threw
/// is kept, as in Flask. A request that never asks for ``session`` does not read the store, and is answered while the
/// store is out of reach.
///
/// A request that a browser makes before the visitor goes to a page (`Sec-Purpose: prefetch`) changes no session: the
/// answer to one that would is 503, after which the browser asks again when the visitor does go there.
public struct SessionExchange: Sendable {
    package let lazySession: LazySession
    private let fields: HTTPFields
    private let logger: Logger

    /// The session of a request.
    ///
    /// - Parameters:
    ///   - sessions: The sessions of the site.
    ///   - request: The request. Its `Cookie` fields carry the session; of its other fields, `User-Agent` names the
    ///     device of a sign-in, and `Origin` and `Sec-Fetch-Site` tell where a browser may have kept the cookie back.
    ///   - logger: The request's logger; nil for the manager's own.
    public init(_ sessions: SessionManager, _ request: HTTPRequest, logger: Logger? = nil) {
        let logger = logger ?? sessions.logger
        self.lazySession = LazySession(sessions, logger: logger, fields: Self.fields(of: request, for: sessions))
        self.fields = request.headerFields
        self.logger = logger
    }

    /// What the session asks for when it is opened. It holds the fields of the request and no more; all of the request
    /// only where a browser may have kept a cookie back.
    private static func fields(
        of request: HTTPRequest, for sessions: SessionManager
    ) -> @Sendable () -> RequestFields {
        let fields = request.headerFields
        let needsOrigin = sessions.configuration.cookie.mayBeWithheld(from: request.method.rawValue)
        let origin: (@Sendable () -> CrossSiteRequest?)?
        origin = needsOrigin ? { @Sendable in CrossSiteRequest(request) } : nil
        return {
            RequestFields(cookies: fields[values: .cookie], userAgent: fields[.userAgent], origin: origin)
        }
    }

    /// The visitor's session. Its first use opens it, and may read the store.
    ///
    /// - Throws: `SessionError` of the kind `storeUnavailable` when the store is out of reach, unless
    ///   `SessionConfiguration.outagePolicy` then makes the visitor anonymous; `CancellationError` when the task is
    ///   cancelled.
    public var session: Session {
        get async throws { try await self.lazySession.open() }
    }

    /// Commits the session, and adds its fields to a response: `Set-Cookie`, `Vary` and `Cache-Control`.
    ///
    /// - Parameter response: What the handler answered. If the session cannot be saved, it is replaced by a response to
    ///   that error, as ``HTTPTypes/HTTPResponse/init(answering:)`` makes it, and a prefetch that would change the session is answered with
    ///   503.
    /// - Returns: Whether the handler's response stands. Where it does not, leave its body out.
    public func finish(_ response: inout HTTPResponse) async -> Bool {
        switch await self.commit() {
        case .saved(let headers):
            headers.apply(to: &response.headerFields)
            return true
        case .refused:
            response = .afterPrefetch
        case .failed(let error, let headers):
            response = HTTPResponse(answering: error) ?? HTTPResponse(status: .internalServerError)
            headers.apply(to: &response.headerFields)
        }
        return false
    }
}

extension SessionExchange {
    /// What became of the session.
    package enum Outcome: Sendable {
        /// It is saved if there was anything to save; the response must carry these fields.
        case saved(SessionHeaders)
        /// The request is a prefetch that would change the session. Nothing is saved.
        case refused
        /// It could not be saved; the log has the reason.
        case failed(any Error, SessionHeaders)
    }

    /// Commits the session if it was opened.
    package func commit() async -> Outcome {
        if self.lazySession.isModified, self.fields.isPrefetch { return .refused }
        do {
            return .saved(try await self.lazySession.commit())
        } catch {
            // A sign-in over the session limit is not the server's fault.
            let level: Logger.Level = (error as? SessionError)?.kind == .sessionLimitReached ? .info : .error
            self.logger.log(level: level, "the session could not be committed", metadata: ["error": "\(error)"])
            return .failed(error, self.lazySession.headersAfterFailure)
        }
    }
}

extension HTTPResponse {
    /// The answer to a prefetch that would change the session: the browser asks again when the visitor goes there.
    package static var afterPrefetch: HTTPResponse {
        HTTPResponse(status: .serviceUnavailable, headerFields: [.cacheControl: "no-store"])
    }
}
