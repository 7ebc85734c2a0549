// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import HTTPTypes
import HummingbirdCore
import Sessions

extension HummingbirdCore.Response {
    /// Leaves the body that the response's status and the request's method allow, and says that body's length.
    ///
    /// The client takes a byte that it does not expect for the beginning of the next response. No answer to HEAD has a
    /// body, and neither has a 204, 205 or 304 (RFC 9110, sections 9.3.2 and 15).
    mutating func frame(for method: HTTPRequest.Method) {
        switch self.status.code {
        case 204, 304: self.removeBody(length: nil)
        case 205: self.removeBody(length: "0")
        default:
            let length = self.bodyLength(for: method)
            if method == .head {
                self.removeBody(length: length)
            } else {
                self.headers[.contentLength] = length
            }
        }
        // A cache copies the fields of a 304 into its stored response (RFC 9111, section 3.2): fields that describe a
        // body would describe the wrong one.
        if self.status.code == 304 {
            for name in Self.bodyFields { self.headers[name] = nil }
        }
    }

    /// Fields that describe a body, which a 304 does not have.
    private static let bodyFields: [HTTPField.Name] = [
        .contentType, .contentEncoding, .contentLanguage, .contentRange,
    ]

    private mutating func removeBody(length: String?) {
        self.body = ResponseBody()
        self.headers[.contentLength] = length
    }

    /// The value of `Content-Length`: the body's own length. A value that a handler has set counts only for a stream of
    /// unknown length, and for a handler of HEAD that has made no body.
    private func bodyLength(for method: HTTPRequest.Method) -> String? {
        if let known = self.body.contentLength, known > 0 || method != .head { return String(known) }
        let fields = self.headers[values: .contentLength]
        let text = fields.first ?? ""
        let isNumber = fields.count == 1 && text.utf8.allSatisfy(\.isASCIIDigit) && Int(text) != nil
        return isNumber ? text : self.body.contentLength.map { String($0) }
    }
}
