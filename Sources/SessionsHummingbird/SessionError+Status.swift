// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

package import HTTPTypes
package import Sessions

extension SessionError {
    /// What a response says of the error: 503 while the store is out of reach, 403 for a sign-in over the limit,
    /// otherwise 500.
    package var status: HTTPResponse.Status {
        switch self.kind {
        case .storeUnavailable: .serviceUnavailable
        case .sessionLimitReached: .forbidden
        default: .internalServerError
        }
    }

    /// Says in a response to this error when to try again, if that is known: `Retry-After`.
    package func addRetryAfter(to response: inout HTTPFields) {
        if let retryAfter = self.retryAfter { response[.retryAfter] = "\(retryAfter.components.seconds)" }
    }
}
