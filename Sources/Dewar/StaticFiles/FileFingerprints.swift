// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Synchronization

/// The hashes of the files in a folder, for their URLs. Each is computed once for a version of a file.
final class FileFingerprints: Sendable {
    /// What the query of a URL has the hash as.
    static let parameter = "v"
    /// A larger file has none: to read it takes longer than a request should wait.
    static let maximumSize = 16 << 20
    /// How many hashes are kept.
    static let maximumCount = 4096

    private struct Known {
        /// Changes with every change of the contents that the file system notes.
        let version: EntityTag
        let hash: String?
    }

    private let folder: StaticFolder
    private let known = Mutex<[String: Known]>([:])

    init(folder: StaticFolder) {
        self.folder = folder
    }

    /// How many hashes are kept now.
    var count: Int { self.known.withLock { $0.count } }

    /// The hash of the file of a name as it is now; nil if there is no such file, or it is too large. The call blocks
    /// while the disk works.
    func hash(of name: String) -> String? {
        (try? self.folder.open(name)).flatMap { self.hash(of: $0, named: name) }
    }

    /// The hash of an open file.
    func hash(of file: StaticFile, named name: String) -> String? {
        if let known = self.known.withLock({ $0[name] }), known.version == file.entityTag { return known.hash }
        // Outside of the lock. Two requests may both compute it, and find the same.
        let hash = file.size <= Self.maximumSize ? file.contentHash() : nil
        self.known.withLock { known in
            if known.count >= Self.maximumCount, known[name] == nil { known.remove(at: known.startIndex) }
            known[name] = Known(version: file.entityTag, hash: hash)
        }
        return hash
    }
}
