// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

package import HTTPTypes
public import Hummingbird
public import SessionsSignIn

/// A handler that does not catch it answers 429 (RFC 6585, section 4).
extension SignInLimitReached: HTTPResponseError {
    /// 429.
    public var status: HTTPResponse.Status { .tooManyRequests }

    /// A response that says how long to wait, and nothing about the user.
    public func response(from request: Request, context: some RequestContext) throws -> Response {
        var headers = HTTPFields()
        self.addRetryAfter(to: &headers)
        return try HTTPError(.tooManyRequests, headers: headers, message: self.description)
            .response(from: request, context: context)
    }

    /// Adds the seconds after which another attempt is allowed.
    package func addRetryAfter(to fields: inout HTTPFields) {
        fields[.retryAfter] = "\(self.seconds)"
        fields[.cacheControl] = "no-store"
    }
}
