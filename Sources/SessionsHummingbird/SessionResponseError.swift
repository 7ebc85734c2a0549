// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

public import HTTPTypes
public import Hummingbird
public import Sessions

/// An error on its way out of a handler, together with what the response must say about the session.
///
/// It answers as the error inside would, and adds the headers. An error without a response of its own is an empty
/// response: ``status`` says with which status.
public struct SessionResponseError: HTTPResponseError, CustomStringConvertible {
    /// What the handler threw, or what kept the session from being committed.
    public let underlyingError: any Error
    /// The session's headers.
    public let sessionHeaders: SessionHeaders

    init(underlyingError: any Error, sessionHeaders: SessionHeaders) {
        self.underlyingError = underlyingError
        self.sessionHeaders = sessionHeaders
    }

    /// The status of the error inside. Where it has none: 503 for a session store that is out of reach, 403 for a
    /// sign-in over the limit, 500 for anything else.
    public var status: HTTPResponse.Status {
        if let error = self.underlyingError as? any HTTPResponseError { return error.status }
        return (self.underlyingError as? SessionError)?.status ?? .internalServerError
    }

    /// The error inside.
    public var description: String { "\(self.underlyingError)" }

    /// The response of the error inside, or an empty one with ``status``; with the session's headers, and for a store
    /// that is out of reach with `Retry-After`.
    public func response(from request: Request, context: some RequestContext) throws -> Response {
        var response =
            try (self.underlyingError as? any HTTPResponseError)?.response(from: request, context: context)
            ?? Response(status: self.status)
        (self.underlyingError as? SessionError)?.addRetryAfter(to: &response.headers)
        self.sessionHeaders.apply(to: &response.headers)
        return response
    }
}
