// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import SessionsSupport

/// A key file cannot be used: which file, which line if one line is at fault, and why. It holds nothing of a key.
public struct KeyFileError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong with a key file. No kind holds anything of a key.
    ///
    /// Later versions may add kinds, so that a `switch` over them needs a `default`.
    public struct Kind: Hashable, Sendable, CustomStringConvertible {
        let problem: KeyFileProblem

        /// The system refused a call.
        public static func system(operation: String, errno: Int32) -> Kind {
            Kind(problem: .system(operation: operation, errno: errno))
        }
        /// The path leads to a folder, a pipe or a device.
        public static let notAFile = Kind(problem: .notAFile)
        /// Other users can read or write it, more than ``KeyFileAccess`` allows.
        public static func openToOthers(mode: UInt16) -> Kind { Kind(problem: .openToOthers(mode: mode)) }
        /// It belongs neither to the user that runs the program nor to root.
        public static func foreignOwner(uid: UInt32) -> Kind { Kind(problem: .foreignOwner(uid: uid)) }
        /// It is far longer than keys need.
        public static let tooLarge = Kind(problem: .tooLarge)
        /// No line begins with `sign`.
        public static let noSigningKey = Kind(problem: .noSigningKey)
        /// There is no `next` line whose key could sign.
        public static let noNextKey = Kind(problem: .noNextKey)
        /// There is already a `next` line.
        public static let nextKeyWaits = Kind(problem: .nextKeyWaits)
        /// There is no `accept` line to remove.
        public static let noOldKey = Kind(problem: .noOldKey)
        /// The line is not UTF-8.
        public static let notUTF8 = Kind(problem: .notUTF8)
        /// The line begins with none of `sign`, `next`, `accept` and `#`.
        public static let unknownWord = Kind(problem: .unknownWord)
        /// Nothing follows the first word of the line.
        public static let missingKey = Kind(problem: .missingKey)
        /// The key begins with none of `base64:`, `hex:` and `text:`.
        public static let unknownForm = Kind(problem: .unknownForm)
        /// The text after `base64:` is not base64.
        public static let brokenBase64 = Kind(problem: .brokenBase64)
        /// The text after `hex:` is not hex.
        public static let brokenHex = Kind(problem: .brokenHex)
        /// The key has no bytes.
        public static let emptyKey = Kind(problem: .emptyKey)
        /// The text after `text:` begins with a space, which a reader of the file does not see.
        public static let spaceBeforeText = Kind(problem: .spaceBeforeText)
        /// The text after `until` is not a date.
        public static let noDate = Kind(problem: .noDate)
        /// A `sign` or `next` line has an end; only an `accept` line may.
        public static let endOfKeyInUse = Kind(problem: .endOfKeyInUse)
        /// An earlier line has the same key.
        public static func duplicate(ofLine line: Int) -> Kind { Kind(problem: .duplicate(ofLine: line)) }
        /// Two keys sign.
        public static func secondSigningKey(firstLine: Int) -> Kind {
            Kind(problem: .secondSigningKey(firstLine: firstLine))
        }
        /// Two keys are the next to sign.
        public static func secondNextKey(firstLine: Int) -> Kind { Kind(problem: .secondNextKey(firstLine: firstLine)) }

        /// The system's error number, if the system refused a call.
        public var errno: Int32? {
            if case .system(_, let errno) = self.problem { errno } else { nil }
        }

        /// The problem in words, with a way out.
        public var description: String { self.problem.description }
    }

    /// The file.
    public let path: String
    /// The number of the line, from 1, if one line is at fault.
    public let line: Int?
    /// What is wrong.
    public let kind: Kind

    init(_ path: String, line: Int? = nil, _ problem: KeyFileProblem) {
        self.path = path
        self.line = line
        self.kind = Kind(problem: problem)
    }

    /// The file, the line and the problem.
    public var description: String {
        "The key file \(self.path) cannot be used: \(self.line.map { "line \($0): " } ?? "")\(self.kind)."
    }
}

/// What is wrong with a key file: ``KeyFileError/Kind``, for the code that finds it.
package enum KeyFileProblem: Error, Hashable, Sendable {
    case notAFile, tooLarge, noSigningKey, noNextKey, nextKeyWaits, noOldKey, notUTF8, unknownWord, missingKey,
        unknownForm, brokenBase64, brokenHex, emptyKey, spaceBeforeText, noDate, endOfKeyInUse
    case system(operation: String, errno: Int32)
    case openToOthers(mode: UInt16)
    case foreignOwner(uid: UInt32)
    case duplicate(ofLine: Int)
    case secondSigningKey(firstLine: Int)
    case secondNextKey(firstLine: Int)
}

extension KeyFileProblem: CustomStringConvertible {
    package var description: String {
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
