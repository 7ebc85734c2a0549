// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import HTTPTypes
import NIOHTTP1

extension HTTPResponse.Status {
    /// The status with its standard phrase; a number literal (`404`) comes without one.
    var named: HTTPResponse.Status {
        guard self.reasonPhrase.isEmpty else { return self }
        return HTTPResponse.Status(
            code: self.code, reasonPhrase: HTTPResponseStatus(statusCode: self.code).reasonPhrase)
    }
}
