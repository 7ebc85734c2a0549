// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

@testable import Dewar

extension FuzzTarget {
    static let urlEncoded = FuzzTarget("urlencoded", "a URL-encoded form, and a query string") { input in
        guard let form = URLEncodedForm.parse(input) else {
            return try require(String(validating: input, as: UTF8.self) == nil, "a form in UTF-8 was refused")
        }
        let pairs = form.map { ($0.name, $0.value) }
        try require(pairs.count <= input.count, "more fields than bytes")
        let written = URLEncodedForm.encode(pairs)
        try require(written.utf8.allSatisfy { (0x21...0x7E).contains($0) }, "what was written is not visible ASCII")
        // A field without a name and a value is not written, or not read.
        let again = URLEncodedForm.parse(Array(written.utf8))
        try require(again == form, "written again, the form has other fields")
        for name in form.names.prefix(4) {
            try require(
                form.getList(name) == form.filter { isSame($0.name, name) }.map(\.value), "a look-up finds other values"
            )
        }
    }

    /// The content type in the first line, and the body behind it.
    static let multipart = FuzzTarget("multipart", "a form with files, and its content type") { input in
        let lines = input.lines(atMost: 2)
        let body = lines.count > 1 ? lines[1] : []
        let limits = FormLimits(maximumMemory: 2000, maximumParts: 20, maximumBody: 4000)
        guard let form = try? FormParser(limits: limits).parse(body, contentType: lines[0].text) else { return }
        try require(
            form.fields.count + form.files.count <= max(limits.maximumParts, body.count), "more fields than bytes")
        guard HeaderParameters(lines[0].text).value.lowercased() == "multipart/form-data" else { return }
        try require(form.fields.count + form.files.count <= limits.maximumParts, "more parts than the limit")
        let size = form.fields.reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count }
        // A byte that is no UTF-8 becomes three.
        try require(
            size + form.files.reduce(0) { $0 + $1.content.count } <= 3 * body.count, "more content than the body has")
        guard !form.fields.contains(where: { FuzzMultipart.isQuoted($0.name) }),
            !form.files.contains(where: { FuzzMultipart.isQuoted($0.name) || FuzzMultipart.isQuoted($0.filename) })
        else { return }
        let boundary = "a-boundary-that-no-input-has-\(body.count)"
        let written = FuzzMultipart.encode(form, boundary: boundary)
        let again = try FormParser().parse(written, contentType: "multipart/form-data; boundary=\(boundary)")
        try require(again.fields == form.fields, "written again, the form has other fields")
        try require(
            again.files.count == form.files.count
                && zip(again.files, form.files).allSatisfy {
                    isSame($0.name, $1.name) && isSame($0.filename, $1.filename) && $0.content == $1.content
                }, "written again, the form has other files")
    }

    static let headerParameters = FuzzTarget("header-parameters", "a field with parameters, as Content-Disposition") {
        input in
        let parameters = HeaderParameters(input.text)
        for name in parameters.names {
            try require(
                name.utf8.allSatisfy { $0 < 0x80 && !(0x41...0x5A).contains($0) }, "a name that is not lower case")
            try require(parameters[name] != nil, "a name without its value")
        }
        guard !parameters.value.isEmpty else { return try require(parameters.names.isEmpty, "parameters of nothing") }
        // Values of RFC 2231, which may be empty in quotes only. Quotes around a value are taken off.
        let names = parameters.names.sorted().filter {
            !$0.isEmpty && !$0.contains("*") && !FuzzMultipart.isQuoted(parameters[$0] ?? "")
        }
        let rest = names.map { "; " + FuzzMultipart.parameter($0, parameters[$0] ?? "") }.joined()
        let again = HeaderParameters("form-data" + rest)
        try require(again.names == Set(names), "written again, there are other parameters")
        try require(
            names.allSatisfy { isSame(again[$0], parameters[$0]) }, "written again, a parameter has another value")
    }
}

/// Forms as a browser might send them; names that are not plain are written as RFC 2231 says.
private enum FuzzMultipart {
    private static let allowed = PercentEncoding.Allowed()

    static func encode(_ form: FormData, boundary: String) -> [UInt8] {
        var bytes: [UInt8] = []
        for field in form.fields {
            bytes += Self.part(boundary, Self.parameter("name", field.name), Array(field.value.utf8))
        }
        for file in form.files {
            let names = Self.parameter("name", file.name) + "; " + Self.parameter("filename", file.filename)
            bytes += Self.part(boundary, names, file.content)
        }
        return bytes + Array("--\(boundary)--\r\n".utf8)
    }

    static func isQuoted(_ value: String) -> Bool {
        value.utf8.first == UInt8(ascii: "\"") && value.utf8.last == UInt8(ascii: "\"")
    }

    static func parameter(_ name: String, _ value: String) -> String {
        value.isEmpty ? "\(name)=\"\"" : "\(name)*=UTF-8''\(PercentEncoding.encode(value, allowing: Self.allowed))"
    }

    private static func part(_ boundary: String, _ names: String, _ content: [UInt8]) -> [UInt8] {
        Array("--\(boundary)\r\nContent-Disposition: form-data; \(names)\r\n\r\n".utf8) + content + Array("\r\n".utf8)
    }
}
