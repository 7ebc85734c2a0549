// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import SessionsSupport

/// A key file cannot be used: which file, which line if one line is at fault, and why. It holds nothing of a key.
public struct KeyFileError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The file.
    public let path: String
    /// The number of the line, from 1, if one line is at fault.
    public let line: Int?
    /// What is wrong.
    public let problem: KeyFileProblem

    init(_ path: String, line: Int? = nil, _ problem: KeyFileProblem) {
        self.path = path
        self.line = line
        self.problem = problem
    }

    /// The file, the line and the problem.
    public var description: String {
        "The key file \(self.path) cannot be used: \(self.line.map { "line \($0): " } ?? "")\(self.problem)."
    }
}

/// What is wrong with a key file. No case holds anything of a key.
public enum KeyFileProblem: Error, Hashable, Sendable {
    /// The system refused a call.
    case system(operation: String, errno: Int32)
    /// The path leads to a folder, a pipe or a device.
    case notAFile
    /// Other users can read or write it, more than ``KeyFileAccess`` allows.
    case openToOthers(mode: UInt16)
    /// It belongs neither to the user that runs the program nor to root.
    case foreignOwner(uid: UInt32)
    /// It is far longer than keys need.
    case tooLarge
    /// No line begins with `sign`.
    case noSigningKey
    /// There is no `next` line whose key could sign.
    case noNextKey
    /// There is already a `next` line.
    case nextKeyWaits
    /// There is no `accept` line to remove.
    case noOldKey
    /// The line is not UTF-8.
    case notUTF8
    /// The line begins with none of `sign`, `next`, `accept` and `#`.
    case unknownWord
    /// Nothing follows the first word of the line.
    case missingKey
    /// The key begins with none of `base64:`, `hex:` and `text:`.
    case unknownForm
    /// The text after `base64:` is not base64.
    case brokenBase64
    /// The text after `hex:` is not hex.
    case brokenHex
    /// The key has no bytes.
    case emptyKey
    /// The text after `text:` begins with a space, which a reader of the file does not see.
    case spaceBeforeText
    /// The text after `until` is not a date.
    case noDate
    /// A `sign` or `next` line has an end; only an `accept` line may.
    case endOfKeyInUse
    /// An earlier line has the same key.
    case duplicate(ofLine: Int)
    /// Two keys sign.
    case secondSigningKey(firstLine: Int)
    /// Two keys are the next to sign.
    case secondNextKey(firstLine: Int)
}

extension KeyFileProblem: CustomStringConvertible {
    /// The problem in words, with a way out.
    public var description: String {
        switch self {
        case .system(let operation, let errno): "\(operation) failed: \(SystemCall.message(errno))"
        case .notAFile: "it is no ordinary file"
        case .openToOthers(let mode):
            "others can read or write it (mode \(String(mode, radix: 8))); make it yours alone with: chmod 600"
        case .foreignOwner(let uid):
            "it belongs to user \(uid), who can change it, and not to the user that runs the program, nor to root"
        case .tooLarge: "it has more than 64 KiB, which no keys need"
        case .noSigningKey: "no key signs; one line must begin with sign"
        case .noNextKey: "no key waits to sign; make one with: dewar key add"
        case .nextKeyWaits: "a key waits to sign already; let it sign first with: dewar key sign"
        case .noOldKey: "there is no old key to retire"
        case .notUTF8: "it is not UTF-8"
        case .unknownWord: "it begins with none of sign, next, accept and #"
        case .missingKey: "the key is missing"
        case .unknownForm: "a key begins with base64:, hex: or text:"
        case .brokenBase64: "what follows base64: is not base64; a comment needs a line of its own"
        case .brokenHex: "what follows hex: is not hex; a comment needs a line of its own"
        case .emptyKey: "the key is empty"
        case .spaceBeforeText: "a text that begins with a space must be written as base64:"
        case .noDate: "what follows until is no date such as 2027-01-31 or 2027-01-31T12:00:00Z"
        case .endOfKeyInUse: "only the key of an accept line ends"
        case .duplicate(let line): "line \(line) has the same key"
        case .secondSigningKey(let line): "only one key may sign, and line \(line) holds one already"
        case .secondNextKey(let line): "only one key may sign next, and line \(line) holds one already"
        }
    }
}
