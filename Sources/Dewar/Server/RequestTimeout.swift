// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

package import HTTPTypes
package import Hummingbird
package import HummingbirdCore

/// The body of a request did not come in time: an answer with 408, in `errorHandler(408)` or a plain page.
package struct RequestTimeout: HTTPResponseError {
    package init() {}

    package var status: HTTPResponse.Status { .requestTimeout }

    package func response(
        from request: HummingbirdCore.Request, context: some RequestContext
    ) -> HummingbirdCore.Response {
        HummingbirdCore.Response(status: self.status)
    }
}
