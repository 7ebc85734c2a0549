// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dewar
import Sessions

/// What `werkzeug.formparser` has, and `werkzeug.utils.secure_filename`.
struct FormCalls {
    private let call: PeerCall

    init(_ call: PeerCall) {
        self.call = call
    }

    func result() throws -> TypedValue? {
        switch self.call.operation {
        case "parse": TypedValue(try self.parse())
        case "secure_filename": TypedValue(.string(try self.secureFilename()))
        default: throw PeerFailure(code: "unknown_call", text: self.call.name)
        }
    }

    private func secureFilename() throws -> String {
        UploadedFile(name: "", filename: try self.call.text("value"), content: []).secureFilename
    }

    private func parse() throws -> SessionValue {
        var limits = FormLimits()
        limits.maximumMemory = try self.call.optionalInteger("maximum_memory") ?? .max
        limits.maximumParts = try self.call.optionalInteger("maximum_parts") ?? .max
        limits.maximumBody = try self.call.optionalInteger("maximum_body")
        do {
            let form = try FormParser(limits: limits).parse(
                try self.call.bytes("body"), contentType: try self.call.optionalText("content_type"))
            return .tuple([.list(form.fields.map { .tuple([.string($0.name), .string($0.value)]) }), self.files(form)])
        } catch let error as FormTooLargeError {
            throw PeerFailure(code: "too_large", text: error.description)
        }
    }

    private func files(_ form: FormData) -> SessionValue {
        .list(
            form.files.map { file in
                let headers = file.headers.map { SessionValue.tuple([.string($0.name), .string($0.value)]) }
                return .tuple([.string(file.name), .string(file.filename), .list(headers), .bytes(file.content)])
            })
    }
}
