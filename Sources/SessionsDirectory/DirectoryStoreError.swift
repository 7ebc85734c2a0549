// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

/// Why a ``DirectoryStore`` cannot use its folder, or what the file system refused.
///
/// The description says what to do. It names files, which are named after ids, and holds nothing of a session.
public struct DirectoryStoreError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong.
    ///
    /// Later versions may add kinds, so that a `switch` over them needs a `default`.
    public struct Kind: Hashable, Sendable, CustomStringConvertible {
        enum Value: Hashable, Sendable {
            case parentMissing, symbolicLink, notADirectory, removed, lockTimedOut
            case foreignOwner(uid: UInt32)
            case writableByOthers(mode: UInt16)
            case system(operation: String, errno: Int32)
        }

        let value: Value

        /// The parent of the store's folder does not exist.
        public static let parentMissing = Kind(value: .parentMissing)
        /// The path is a symbolic link, which an attacker could change.
        public static let symbolicLink = Kind(value: .symbolicLink)
        /// The path leads to something other than a folder.
        public static let notADirectory = Kind(value: .notADirectory)
        /// The folder belongs to another user.
        public static func foreignOwner(uid: UInt32) -> Kind { Kind(value: .foreignOwner(uid: uid)) }
        /// Users other than the owner may write to the folder.
        public static func writableByOthers(mode: UInt16) -> Kind { Kind(value: .writableByOthers(mode: mode)) }
        /// The folder was removed, and could not be made again.
        public static let removed = Kind(value: .removed)
        /// Another process, or another call, held the lock of the session for longer than
        /// ``DirectoryStore/init(path:isDurable:maximumParallelism:lockTimeout:logger:)`` allows. Nothing was written.
        public static let lockTimedOut = Kind(value: .lockTimedOut)
        /// The system refused an operation.
        public static func system(operation: String, errno: Int32) -> Kind {
            Kind(value: .system(operation: operation, errno: errno))
        }

        /// The system's error number, if the system refused a call.
        public var errno: Int32? {
            if case .system(_, let errno) = self.value { errno } else { nil }
        }

        /// The kind, and what belongs to it.
        public var description: String { "\(self.value)" }
    }

    /// The folder, or the file in it.
    public let path: String
    /// What is wrong with it.
    public let kind: Kind

    init(_ path: String, _ kind: Kind) {
        self.path = path
        self.kind = kind
    }

    /// A sentence for the administrator.
    public var description: String {
        "Session folder \(self.path.debugDescription): \(self.advice)"
    }

    private var advice: String {
        switch self.kind.value {
        case .parentMissing:
            "the folder above it does not exist; make that one, or choose another path."
        case .symbolicLink:
            "it is a symbolic link, which an attacker could change; give the path that it points to."
        case .notADirectory:
            "it is not a folder; choose another path."
        case .foreignOwner(let uid):
            "it belongs to user \(uid), who may be an attacker, and not to the user that runs the server; "
                + "choose a path of your own."
        case .writableByOthers(let mode):
            "other users may write to it (mode \(String(mode, radix: 8))), and so sign in as any user; chmod it to 700."
        case .removed:
            "it was removed while it was in use, and could not be made again."
        case .lockTimedOut:
            "another process holds this lock for longer than lockTimeout allows; find it with \"lslocks\" or \"lsof\"."
        case .system(let operation, let errno):
            "\(operation) failed: \(SystemCall.message(errno))."
        }
    }
}
