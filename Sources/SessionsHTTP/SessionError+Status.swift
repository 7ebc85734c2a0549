// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

package import HTTPTypes
package import Sessions

extension SessionError {
    /// The status of a response to this error: 503 while the store is out of reach, 403 for a sign-in over the session
    /// limit, otherwise 500.
    package var status: HTTPResponse.Status {
        switch self.kind {
        case .storeUnavailable: .serviceUnavailable
        case .sessionLimitReached: .forbidden
        default: .internalServerError
        }
    }

    /// Adds `Retry-After` to a response to this error, if the time for another try is known.
    package func addRetryAfter(to response: inout HTTPFields) {
        if let retryAfter = self.retryAfter { response[.retryAfter] = "\(retryAfter.components.seconds)" }
    }
}
