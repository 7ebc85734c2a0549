// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dewar
import Sessions

/// Query strings and forms.
enum FormAnswers {
    static func query(_ test: DifferentialCase) throws -> String? {
        URLEncodedForm.parse(try test.bytes(0)).map(Self.pairs)?.canonicalText
    }

    /// The content type and the body.
    static func form(_ test: DifferentialCase) throws -> String? {
        let limits = FormLimits(maximumMemory: 3000, maximumParts: 10)
        guard let form = try? FormParser(limits: limits).parse(try test.bytes(1), contentType: test.optionalText(0))
        else {
            return nil
        }
        let files = form.files.map { file in
            SessionValue.tuple([
                .string(file.name), .string(file.filename), .bytes(file.content),
                .list(file.headers.map { .tuple([.string($0.name), .string($0.value)]) }),
            ])
        }
        return SessionValue.tuple([Self.pairs(form.fields), .list(files)]).canonicalText
    }

    private static func pairs(_ form: MultiDictionary) -> SessionValue {
        .list(form.map { .tuple([.string($0.name), .string($0.value)]) })
    }
}
