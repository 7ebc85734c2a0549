// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import HTTPTypes
public import Hummingbird
public import Sessions
import SessionsHTTP

/// A handler that does not catch it answers 401.
extension SignInRequired: HTTPResponseError {
    /// 401.
    public var status: HTTPResponse.Status { .unauthorized }

    /// A response that says what is missing, and nothing about the visitor.
    public func response(from request: Request, context: some RequestContext) throws -> Response {
        try HTTPError(.unauthorized, headers: self.challenge, message: self.advice)
            .response(from: request, context: context)
    }
}
