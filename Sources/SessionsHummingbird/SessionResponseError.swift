// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

public import HTTPTypes
public import Hummingbird
public import Sessions

/// An error of a handler or of the commit, together with the session's headers for the response.
///
/// Its response is that of the underlying error, with the session's headers added. If that error has no response of its
/// own, the response is empty, with ``status``.
public struct SessionResponseError: HTTPResponseError, CustomStringConvertible {
    /// The error that the handler threw, or that kept the session from being committed.
    public let underlyingError: any Error
    /// The session's headers.
    public let sessionHeaders: SessionHeaders

    init(underlyingError: any Error, sessionHeaders: SessionHeaders) {
        self.underlyingError = underlyingError
        self.sessionHeaders = sessionHeaders
    }

    /// The status of the underlying error. If it has none: 503 for a session store that is out of reach, 403 for a
    /// sign-in over the session limit, 500 for anything else.
    public var status: HTTPResponse.Status {
        if let error = self.underlyingError as? any HTTPResponseError { return error.status }
        return (self.underlyingError as? SessionError)?.status ?? .internalServerError
    }

    /// The description of the underlying error.
    public var description: String { "\(self.underlyingError)" }

    /// The response of the underlying error, or an empty one with ``status``. It has the session's headers, and
    /// `Retry-After` for a store that is out of reach.
    public func response(from request: Request, context: some RequestContext) throws -> Response {
        var response =
            try (self.underlyingError as? any HTTPResponseError)?.response(from: request, context: context)
            ?? Response(status: self.status)
        (self.underlyingError as? SessionError)?.addRetryAfter(to: &response.headers)
        self.sessionHeaders.apply(to: &response.headers)
        return response
    }
}
