// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import SessionsSupport

#if canImport(FoundationEssentials)
package import FoundationEssentials
#else
package import Foundation
#endif

/// A line of a key file: a key, or a comment or an empty line, which stays as it is.
enum KeyFileLine: Sendable {
    case entry(KeyFileEntry)
    case comment(String)

    /// Reads a line. A thrown problem shows nothing of the line, which may hold a key.
    init(_ bytes: ArraySlice<UInt8>) throws(KeyFileProblem) {
        guard let line = String(validating: bytes, as: UTF8.self) else { throw .notUTF8 }
        let content = Self.trimmed(Array(bytes)[...])
        guard let first = content.first, first != UInt8(ascii: "#") else {
            self = .comment(line)
            return
        }
        let word = content.prefix { !Self.isSpace($0) }
        guard let phase = KeyFileEntry.Phase(rawValue: String(decoding: word, as: UTF8.self)) else {
            throw .unknownWord
        }
        let (spelling, date) = Self.parts(of: Self.trimmed(content.dropFirst(word.count)))
        guard !spelling.isEmpty else { throw .missingKey }
        let key = try Self.key(spelling)
        guard !key.isEmpty else { throw .emptyKey }
        let end = try date.map { (text) throws(KeyFileProblem) in try Self.end(text, phase) }
        self = .entry(KeyFileEntry(phase, key, spelling: String(decoding: spelling, as: UTF8.self), end: end))
    }

    var entry: KeyFileEntry? {
        switch self {
        case .entry(let entry): entry
        case .comment: nil
        }
    }

    /// The line as it stands in the file.
    var text: String {
        switch self {
        case .entry(let entry): entry.text
        case .comment(let text): text
        }
    }

    /// The key, and the text after the last `until`.
    private static func parts(of content: ArraySlice<UInt8>) -> (key: ArraySlice<UInt8>, date: ArraySlice<UInt8>?) {
        guard let space = content.lastIndex(where: Self.isSpace) else { return (content, nil) }
        let before = Self.trimmed(content[..<space])
        let mark = Array("until".utf8)
        guard before.suffix(mark.count).elementsEqual(mark) else { return (content, nil) }
        let key = before.dropLast(mark.count)
        guard let last = key.last, Self.isSpace(last) else { return (content, nil) }
        return (Self.trimmed(key), content[(space + 1)...])
    }

    private static func key(_ spelling: ArraySlice<UInt8>) throws(KeyFileProblem) -> SecretKey {
        let form = spelling.prefix { $0 != UInt8(ascii: ":") }
        guard form.count < spelling.count else { throw .unknownForm }
        let value = spelling.dropFirst(form.count + 1)
        switch String(decoding: form, as: UTF8.self) {
        case "base64":
            guard let key = SecretKey(base64: String(decoding: value, as: UTF8.self)) else { throw .brokenBase64 }
            return key
        case "hex":
            guard let bytes = Hex.bytes(value) else { throw .brokenHex }
            return SecretKey(bytes: bytes)
        case "text":
            guard let first = value.first else { throw .emptyKey }
            guard !Self.isSpace(first) else { throw .spaceBeforeText }
            return SecretKey(bytes: Array(value))
        default: throw .unknownForm
        }
    }

    private static func end(
        _ text: ArraySlice<UInt8>, _ phase: KeyFileEntry.Phase
    ) throws(KeyFileProblem) -> Date {
        guard let end = KeyFileDate.end(String(decoding: text, as: UTF8.self)) else { throw .noDate }
        guard phase == .accept else { throw .endOfKeyInUse }
        return end
    }

    private static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var bytes = bytes.drop(while: Self.isSpace)
        while let last = bytes.last, Self.isSpace(last) { bytes.removeLast() }
        return bytes
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r")
    }
}

extension KeyFileLine: CustomStringConvertible, CustomReflectable {
    var description: String { self.entry?.description ?? "comment" }

    var customMirror: Mirror { Mirror(self, children: []) }
}

/// A key in a key file.
package struct KeyFileEntry: Sendable {
    /// What a key is for: the first word of its line.
    package enum Phase: String, Sendable, Hashable {
        /// Accepted, and signs next.
        case next
        /// Signs.
        case sign
        /// Accepted, and has signed before.
        case accept
    }

    package var phase: Phase
    package let key: SecretKey
    /// The moment from which the key is refused.
    package var end: Date?
    /// How the file spells the key.
    let spelling: String

    init(_ phase: Phase, _ key: SecretKey, spelling: String? = nil, end: Date? = nil) {
        self.phase = phase
        self.key = key
        self.end = end
        self.spelling = spelling ?? key.base64Text
    }

    /// The line, which contains the key.
    var text: String {
        "\(self.phase.rawValue) \(self.spelling)" + (self.end.map { " until \(KeyFileDate.text($0))" } ?? "")
    }
}

extension KeyFileEntry: CustomStringConvertible, CustomReflectable {
    /// The phase and the fingerprint.
    package var description: String { "\(self.phase.rawValue) \(self.key.fingerprint)" }

    /// `dump` shows no more than `print`.
    package var customMirror: Mirror { Mirror(self, children: ["phase": self.phase, "key": self.key]) }
}
