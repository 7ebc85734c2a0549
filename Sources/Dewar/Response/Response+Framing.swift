// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import HTTPTypes
import HummingbirdCore
import Sessions

extension HummingbirdCore.Response {
    /// The response with the body that its status and the request's method allow, and with that body's length.
    ///
    /// A byte that the client does not expect is read as the beginning of the next response on the connection. What has
    /// no body (RFC 9110, sections 9.3.2 and 15): every answer to HEAD, and 204, 205 and 304.
    func framed(for method: HTTPRequest.Method) -> HummingbirdCore.Response {
        var response = self
        switch self.status.code {
        case 204, 304: response.removeBody(length: nil)
        case 205: response.removeBody(length: "0")
        default:
            let length = self.bodyLength(for: method)
            if method == .head {
                response.removeBody(length: length)
            } else {
                response.headers[.contentLength] = length
            }
        }
        // A cache takes the fields of a 304 into the response that it holds (RFC 9111, section 3.2): those that
        // describe a body would describe the wrong one.
        if self.status.code == 304 {
            for name in Self.bodyFields { response.headers[name] = nil }
        }
        return response
    }

    /// Fields that describe a body, which a 304 does not have.
    private static let bodyFields: [HTTPField.Name] = [
        .contentType, .contentEncoding, .contentLanguage, .contentRange,
    ]

    private mutating func removeBody(length: String?) {
        self.body = ResponseBody()
        self.headers[.contentLength] = length
    }

    /// The value of `Content-Length`. The body's own length comes before one that was set by hand, which counts for a
    /// stream of unknown length and for a handler of HEAD that has made no body.
    private func bodyLength(for method: HTTPRequest.Method) -> String? {
        if let known = self.body.contentLength, known > 0 || method != .head { return String(known) }
        let fields = self.headers[values: .contentLength]
        let text = fields.first ?? ""
        let isNumber = fields.count == 1 && text.utf8.allSatisfy(\.isASCIIDigit) && Int(text) != nil
        return isNumber ? text : self.body.contentLength.map { String($0) }
    }
}
