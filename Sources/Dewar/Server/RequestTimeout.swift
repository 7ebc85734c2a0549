// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import HTTPTypes
import Hummingbird

/// The body of a request did not come in time: an answer with 408, in `errorHandler(408)` or a plain page.
struct RequestTimeout: HTTPResponseError {
    var status: HTTPResponse.Status { .requestTimeout }

    func response(from request: HummingbirdCore.Request, context: some RequestContext) -> HummingbirdCore.Response {
        HummingbirdCore.Response(status: self.status)
    }
}
