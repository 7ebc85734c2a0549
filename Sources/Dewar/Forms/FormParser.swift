// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// Reads a request's body as a form, as Flask's `request.form` and `request.files` do (werkzeug/formparser.py).
///
/// ```swift
/// let form = try FormParser().parse(Array("a=1&b=2".utf8), contentType: "application/x-www-form-urlencoded")
/// let a = form.get("a")  // "1"
/// ```
package struct FormParser: Sendable {
    /// The sizes above which a form is refused.
    package let limits: FormLimits

    package init(limits: FormLimits = FormLimits()) {
        self.limits = limits
    }

    /// The form in `body`, which must be complete.
    ///
    /// A body of another type, without a type, or malformed gives an empty form, never an error: the handler then finds
    /// its fields missing.
    ///
    /// - Throws: `FormTooLargeError` when a limit is passed.
    package func parse(_ body: [UInt8], contentType: String?) throws(FormTooLargeError) -> FormData {
        if let maximum = self.limits.maximumBody, body.count > maximum {
            throw FormTooLargeError(.body, limit: maximum)
        }
        guard let contentType else { return FormData() }
        let header = HeaderParameters(contentType)
        switch header.value.lowercasedASCII {
        case "application/x-www-form-urlencoded":
            guard body.count <= self.limits.maximumMemory else {
                throw FormTooLargeError(.memory, limit: self.limits.maximumMemory)
            }
            return FormData(fields: URLEncodedForm.parse(body) ?? MultiDictionary())
        case "multipart/form-data":
            guard let boundary = header["boundary"] else { return FormData() }
            return try MultipartParser.parse(body, boundary: boundary, limits: self.limits) ?? FormData()
        default:
            return FormData()
        }
    }
}
