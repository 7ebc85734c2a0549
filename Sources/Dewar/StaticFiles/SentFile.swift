// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import HummingbirdCore
import Logging
import NIOCore
import NIOPosix
import Synchronization

/// A static file that a response sends. It stays open while it is sent, so that the client gets one version of it, unless
/// too many are open already: then it is opened for each part that the client has taken.
///
/// Otherwise clients that ask for a large file and read nothing could use up the file descriptors of the process.
struct SentFile: Sendable {
    let size: Int
    let modified: Int
    let entityTag: EntityTag
    private let identity: [UInt64]
    private let name: String
    private let folder: StaticFolder
    /// The open file; nil where it is opened for each part.
    private let held: HeldFile?

    /// - Parameter file: The file of the name in the folder.
    init(_ file: StaticFile, named name: String, in folder: StaticFolder, holding open: OpenFileQuota) {
        self.size = file.size
        self.modified = file.modified
        self.entityTag = file.entityTag
        self.identity = file.identity
        self.name = name
        self.folder = folder
        self.held = open.hold(file)
    }

    /// A body of exactly these bytes, even if the file changes meanwhile. Added bytes are not sent. When bytes are
    /// missing, or a file that could not be kept open is another one now, the body is not finished, and the connection
    /// is closed.
    func body(_ range: Range<Int>, logger: Logger) -> ResponseBody {
        ResponseBody(contentLength: range.count) { writer in
            var rest = range
            while !rest.isEmpty {
                let bytes: ByteBuffer
                do {
                    bytes = try await self.read(rest.prefix(StaticFile.chunkSize))
                } catch let error as StaticFileError {
                    logger.warning("\(error)")
                    throw error
                }
                rest = rest.dropFirst(bytes.readableBytes)
                try await writer.write(bytes)
            }
            try await writer.finish(nil)
        }
    }

    /// Some of these bytes. A pool thread, which may block, waits for the disk.
    private func read(_ range: Range<Int>) async throws -> ByteBuffer {
        try await NIOThreadPool.singleton.runIfActive {
            let file = try self.held?.file ?? self.opened()
            let bytes = try file.read(range)
            guard bytes.readableBytes > 0 else { throw StaticFileError.shortened }
            return bytes
        }
    }

    private func opened() throws(StaticFileError) -> StaticFile {
        do throws(StaticFileError) {
            let file = try self.folder.open(self.name)
            guard file.entityTag == self.entityTag, file.identity == self.identity else { throw .replaced }
            return file
        } catch {
            if case .system = error { throw error }
            throw .replaced
        }
    }
}

/// How many static files may stay open while they are sent, in the whole process.
final class OpenFileQuota: Sendable {
    /// A sixteenth of the files that the process may have open: connections may have three quarters, and stores need
    /// some.
    static let process = OpenFileQuota(maximum: OpenFile.limit / 16)

    private let maximum: Int
    private let held = Atomic(0)

    init(maximum: Int) {
        self.maximum = maximum
    }

    /// Keeps a file open; nil where too many are.
    func hold(_ file: StaticFile) -> HeldFile? {
        guard self.held.add(1, ordering: .relaxed).newValue <= self.maximum else {
            self.release()
            return nil
        }
        return HeldFile(file, quota: self)
    }

    fileprivate func release() { self.held.subtract(1, ordering: .relaxed) }
}

/// A file that stays open until the last reference to it goes.
final class HeldFile: Sendable {
    let file: StaticFile
    private let quota: OpenFileQuota

    fileprivate init(_ file: StaticFile, quota: OpenFileQuota) {
        self.file = file
        self.quota = quota
    }

    deinit {
        self.quota.release()
    }
}
