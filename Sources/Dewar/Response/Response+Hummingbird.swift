// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import HummingbirdCore
import NIOCore

extension Response {
    /// The response as Hummingbird sends it.
    var hummingbird: HummingbirdCore.Response {
        let body: ResponseBody
        switch self.body {
        case .bytes(let bytes): body = ResponseBody(byteBuffer: ByteBuffer(bytes: bytes))
        case .stream(let stream): body = stream.ended
        }
        return HummingbirdCore.Response(status: self.status.named, headers: self.headers, body: body)
    }
}
