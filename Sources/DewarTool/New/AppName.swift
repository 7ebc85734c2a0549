// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import ArgumentParser
import SessionsSupport

/// The name of an app: of its folder, its package, its program and its module.
struct AppName: Hashable {
    let text: String

    private static let longest = 50

    /// - Throws: An error that says in one line why a text is no name.
    init(_ text: String) throws(ValidationError) {
        guard let first = text.utf8.first, first.isASCIILetter,
            text.utf8.allSatisfy({ $0.isASCIILetter || $0.isASCIIDigit || $0 == UInt8(ascii: "_") })
        else {
            throw ValidationError(
                "\"\(Printable.text(text))\" is no name for an app: a letter comes first, then letters, digits and _.")
        }
        guard text.utf8.count <= Self.longest else {
            throw ValidationError("The name of an app has at most \(Self.longest) letters.")
        }
        guard !Self.keywords.contains(text) else {
            throw ValidationError("\"\(text)\" is a word of the Swift language; give the app another name.")
        }
        guard !ModuleNames.contain(text) else {
            throw ValidationError(
                "\"\(text)\" is the name of a module that the app may use; give the app another name.")
        }
        self.text = text
    }

    private static let keywords: Set<String> = [
        "Any", "Protocol", "Self", "Type", "actor", "as", "async", "await", "break", "case", "catch", "class",
        "continue",
        "default", "defer", "deinit", "do", "else", "enum", "extension", "fallthrough", "false", "fileprivate", "for",
        "func", "guard", "if", "import", "in", "init", "inout", "internal", "is", "let", "macro", "main", "nil", "open",
        "operator", "package", "precedencegroup", "private", "protocol", "public", "repeat", "rethrows", "return",
        "self",
        "some", "static", "struct", "subscript", "super", "switch", "throw", "throws", "true", "try", "typealias",
        "unsafe", "var", "where", "while",
    ]
}
