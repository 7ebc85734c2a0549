// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import HTTPTypes
import HummingbirdCore
import NIOCore

extension Response {
    /// The response as Hummingbird sends it. To HEAD it says the length of the body that GET would get, and sends none.
    func hummingbird(for method: HTTPRequest.Method) -> HummingbirdCore.Response {
        let body: ResponseBody
        switch self.body {
        case .bytes(let bytes): body = ResponseBody(byteBuffer: ByteBuffer(bytes: bytes))
        case .stream(let stream): body = stream
        }
        let response = HummingbirdCore.Response(status: self.status.named, headers: self.headers, body: body)
        guard method == .head else { return response }
        var head = response.createHeadResponse()
        // The length of a stream is not known before it is written; the empty body's is not the one to say.
        head.headers[.contentLength] = response.headers[.contentLength]
        return head
    }
}
