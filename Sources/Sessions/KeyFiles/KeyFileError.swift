// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// A key file that cannot be used: which, the line where it is one line's fault, and why. It holds nothing of a key.
public struct KeyFileError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The file.
    public let path: String
    /// The number of the line, from 1, where it is one line's fault.
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

/// What is wrong with a key file. None holds anything of a key.
public enum KeyFileProblem: Error, Hashable, Sendable {
    /// The system refuses a call.
    case system(operation: String, errno: Int32)
    /// It is a folder, a pipe or a device.
    case notAFile
    /// Others than its owner can read or write it, more than is allowed.
    case openToOthers(mode: UInt16)
    /// It belongs to a user who is neither the one that runs the program nor root.
    case foreignOwner(uid: UInt32)
    /// It is far longer than keys are.
    case tooLarge
    /// No line begins with `sign`.
    case noSigningKey
    /// There is no line `next` to go on with.
    case noNextKey
    /// There is a line `next` already.
    case nextKeyWaits
    /// There is no line `accept` to take out.
    case noOldKey
    /// The line is not UTF-8.
    case notUTF8
    /// The line begins with none of `sign`, `next`, `accept` and `#`.
    case unknownWord
    /// Nothing follows the word that the line begins with.
    case missingKey
    /// The key begins with none of `base64:`, `hex:` and `text:`.
    case unknownForm
    /// What follows `base64:` is not base64.
    case brokenBase64
    /// What follows `hex:` is not hex.
    case brokenHex
    /// The key has no bytes.
    case emptyKey
    /// What follows `text:` begins with a space, which cannot be seen.
    case spaceBeforeText
    /// What follows `until` is no date.
    case noDate
    /// A key has an end that signs, or is to.
    case endOfKeyInUse
    /// The key is in an earlier line too.
    case duplicate(ofLine: Int)
    /// Two keys sign.
    case secondSigningKey(firstLine: Int)
    /// Two keys are the next to sign.
    case secondNextKey(firstLine: Int)
}

extension KeyFileProblem: CustomStringConvertible {
    /// The problem in words, and what helps.
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
        case .duplicate(let line): "its key is that of line \(line)"
        case .secondSigningKey(let line): "one key signs, and that of line \(line) does"
        case .secondNextKey(let line): "one key is the next to sign, and that of line \(line) is"
        }
    }
}
