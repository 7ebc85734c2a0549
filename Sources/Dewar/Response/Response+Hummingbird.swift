// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import HTTPTypes
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
        // The length, the date and the fields that protect pages follow: room for them all at once.
        var headers = self.headers
        headers.reserveCapacity(headers.count + 8)
        return HummingbirdCore.Response(status: self.status.named, headers: headers, body: body)
    }
}
