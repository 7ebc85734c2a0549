// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import Logging
import Sessions
import SessionsDirectory

/// A folder that goes when its test does, with what a test wants to know of it.
final class TemporaryFolder: Sendable {
    let path = FileManager.default.temporaryDirectory.appending(path: "dewar-test-\(UUID().uuidString)").path

    init() throws {
        try FileManager.default.createDirectory(
            atPath: self.path, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    }

    deinit {
        try? FileManager.default.removeItem(atPath: self.path)
    }

    /// A store in a folder of its own below. It waits longer for a lock than one of an application does: the tests that
    /// run beside can keep a task from its thread for more than the five seconds of the default. ``DirectoryStoreLockTests``
    /// is about the wait.
    func store(isDurable: Bool = false, logger: Logger = Logger(label: "test")) throws -> DirectoryStore {
        try DirectoryStore(
            path: self.path + "/store", isDurable: isDurable, lockTimeout: .seconds(120), logger: logger)
    }

    /// Everything below a folder of the store: relative paths of files, in order; nothing if there is no such folder.
    func files(_ folder: String = "") throws -> [String] {
        let top = "\(self.path)/store/\(folder)"
        guard FileManager.default.fileExists(atPath: top) else { return [] }
        return try FileManager.default.subpathsOfDirectory(atPath: top).filter { name in
            var isFolder: ObjCBool = false
            return FileManager.default.fileExists(atPath: "\(top)/\(name)", isDirectory: &isFolder)
                && !isFolder.boolValue
        }.sorted()
    }

    /// The one file of a session's record.
    func recordPath(_ id: SessionID) -> String {
        "\(self.path)/store/records/\("\(id)".prefix(2))/\(id)"
    }

    func bytes(at path: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(filePath: path)))
    }

    func write(_ bytes: [UInt8], to path: String) throws {
        let url = URL(filePath: path)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: url)
    }
}
