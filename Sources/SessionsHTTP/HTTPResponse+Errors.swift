// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

public import HTTPTypes
import Sessions

extension HTTPResponse {
    /// The response to an error that a session throws, without a body; nil for any other error.
    ///
    /// - `SessionError`: 503 while the store is out of reach, with `Retry-After` if the time is known; 403 for a
    ///   sign-in over the session limit; otherwise 500.
    /// - `SignInRequired`: 401, with a challenge (RFC 9110, section 15.5.2).
    /// - `CrossSiteRefusal`: 403.
    ///
    /// ```swift
    /// let response = HTTPResponse(answering: error) ?? HTTPResponse(status: .internalServerError)
    /// ```
    public init?(answering error: any Error) {
        switch error {
        case let error as SessionError:
            self.init(status: error.status)
            error.addRetryAfter(to: &self.headerFields)
        case let error as SignInRequired: self.init(status: .unauthorized, headerFields: error.challenge)
        case is CrossSiteRefusal: self.init(status: .forbidden)
        default: return nil
        }
    }
}
