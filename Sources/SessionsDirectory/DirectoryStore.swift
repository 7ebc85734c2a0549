// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

public import Logging
public import Sessions
import Synchronization

#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// Keeps sessions in a folder, one file each: nothing to install, nothing to run, and safe between processes.
///
/// ```swift
/// let store = try DirectoryStore()  // in the system's temporary folder
/// let kept = try DirectoryStore(path: "/var/lib/shop/sessions")  // in a folder of your own
/// ```
///
/// The folder is made with mode 700, the files with 600. A folder is refused if it is a symbolic link, if it belongs to
/// another user, or if other users may write to it: a user who can write there can sign in as any user. The files hold
/// no secret: a copy of the folder opens no session.
///
/// A session's file has two slots: a write fills the one that does not count, and then says that it counts. So readers
/// wait for no writer, and see the old record or the new one. Until the next write, the other slot has the record
/// before. Writers of the same 256th of all ids take turns by `flock`, in this process and in others; the folder must
/// be on a file system that supports it, as local ones do. A process that keeps such a lock delays only the writers of
/// that part, each for ``defaultLockTimeout`` at most, and no reader. A damaged file, as after a disk error or an edit
/// by hand, is never served: it is logged and counts as absent.
///
/// A process that is killed loses no write that it had acknowledged. A power cut may lose the sessions that were
/// written in the last half minute, unless `isDurable` is set. In a temporary folder, sessions end when the system
/// cleans it: on most systems at a restart, on some after ten days without use. If the folder is removed while the
/// store is open, the store continues in a new one.
public final class DirectoryStore: SessionStore {
    /// The folder.
    public let path: String

    /// How long a writer waits for a lock by default.
    public static let defaultLockTimeout: Duration = .seconds(5)

    private let files: Mutex<DirectoryFiles>
    private let pool: BlockingPool
    private let turns = WriteTurns<String>()
    private let lockTimeout: Duration

    /// A store in a folder, which is made if need be; its parent folder must exist.
    ///
    /// - Parameters:
    ///   - path: The folder; ``defaultPath`` if nil.
    ///   - isDurable: Whether a write waits until it survives a power cut, some milliseconds on most disks.
    ///   - maximumParallelism: How many calls to the file system run at once, on threads of their own. Nil means twice
    ///     the number of cores, and at least four. Further calls wait without a thread. Writes of several threads reach
    ///     the disk together: with `isDurable`, more threads make more writes a second.
    ///   - lockTimeout: How long a write or a removal waits while another process, or another call, holds the lock of
    ///     its part of the sessions. Then it throws ``DirectoryStoreError/Kind-swift.struct/lockTimedOut``.
    ///   - logger: Gets warnings of damaged files, and of a folder that was removed.
    /// - Throws: ``DirectoryStoreError`` for a folder that is refused or that cannot be made.
    public init(
        path: String? = nil, isDurable: Bool = false, maximumParallelism: Int? = nil,
        lockTimeout: Duration = DirectoryStore.defaultLockTimeout,
        logger: Logger = Logger(label: "dewar.sessions.directory")
    ) throws(DirectoryStoreError) {
        let folder = try StoreFolder(path: path ?? Self.defaultPath, isDurable: isDurable)
        self.path = folder.path
        self.lockTimeout = lockTimeout
        self.files = Mutex(DirectoryFiles(folder: folder, logger: logger))
        self.pool = BlockingPool(
            width: maximumParallelism ?? max(4, 2 * ProcessInfo.processInfo.activeProcessorCount),
            label: "dewar.sessions.directory")
    }

    /// `dewar-sessions-<user id>` in the system's temporary folder: `$TMPDIR`, or else `/tmp`.
    public static var defaultPath: String {
        var folder = ProcessInfo.processInfo.environment["TMPDIR"] ?? ""
        while folder.utf8.last == UInt8(ascii: "/") { folder.removeLast() }
        return "\(folder.isEmpty ? "/tmp" : folder)/dewar-sessions-\(geteuid())"
    }

    /// Reads the record's file, and waits for no writer.
    public func read(_ id: SessionID, at now: Date) async throws -> SessionRecord? {
        try await self.run { try $0.read(id, at: now) }
    }

    /// Compares and sets under the lock of the record's folder.
    public func write(_ record: SessionRecord, replacing version: Int?, at now: Date) async throws -> Bool {
        try await self.runLocked(record.id) { try $0.write(record, replacing: version, at: now) }
    }

    /// Removes the record's file under the same lock, and then its markers.
    public func remove(_ id: SessionID, ifVersion version: Int?) async throws -> Bool {
        try await self.runLocked(id) { try $0.remove(id, ifVersion: version) }
    }

    /// Removes expired records, except those whose lock is held. Also removes half-written files that are more than an
    /// hour old: a process that was killed left them.
    public func removeExpired(at now: Date, limit: Int) async throws -> Int {
        try await self.run { files in
            var purge = DirectoryPurge(files: files, now: now, limit: limit)
            try purge.removeTemporaryFiles(at: Date())
            return try purge.run()
        }
    }

    /// The ids that the user's markers name, each checked against its record.
    public func ids(ofUser user: String, at now: Date) async throws -> [SessionID] {
        try await self.run { try $0.ids(ofUser: user, at: now) }
    }

    /// The same, until there are enough.
    public func ids(ofUser user: String, limit: Int, at now: Date) async throws -> [SessionID] {
        try await self.run { try $0.ids(ofUser: user, limit: max(limit, 1), at: now) }
    }

    // MARK: - Locks

    /// Runs a call that needs a session's lock. While another process holds the lock, the calls of this process wait in
    /// line without a thread, and the first in line tries again from time to time.
    private func runLocked<Value: Sendable>(
        _ id: SessionID, _ call: @escaping @Sendable (DirectoryFiles) throws -> Value
    ) async throws -> Value {
        let lock = DirectoryFiles.lockName(id)
        let deadline = ContinuousClock.now + self.lockTimeout
        await self.turns.take(lock)
        defer { self.turns.pass(lock) }
        var pause = Duration.milliseconds(1)
        while true {
            do {
                return try await self.run(call)
            } catch is StoreFolder.LockIsHeld {
                guard ContinuousClock.now < deadline else {
                    throw DirectoryStoreError("\(self.path)/\(lock)", .lockTimedOut)
                }
            }
            await Self.wait(pause)
            pause = min(pause * 2, .milliseconds(20))
        }
    }

    /// Sleeps in a task of its own, because a cancelled task does not sleep. The random length keeps two processes from
    /// trying at the same moments again and again.
    private static func wait(_ pause: Duration) async {
        await Task { try? await Task.sleep(for: pause * Double.random(in: 0.5...1)) }.value
    }

    // MARK: - A folder that is removed

    func run<Value: Sendable>(
        _ call: @escaping @Sendable (DirectoryFiles) throws -> Value
    ) async throws -> Value {
        try await self.pool.run {
            let files = self.files.withLock { $0 }
            do {
                return try call(files)
            } catch let error as DirectoryStoreError {
                guard error.kind == .removed else { throw error }
                return try call(self.reopened(instead: files))
            }
        }
    }

    /// The new folder after the old one was removed, by hand or by a cleaner of temporary files. It is made unless
    /// another call has done so already.
    private func reopened(instead old: DirectoryFiles) throws -> DirectoryFiles {
        let (reopened, isFirst) = try self.files.withLock { files in
            guard files.folder === old.folder else { return (files, false) }
            let folder = try StoreFolder(path: self.path, isDurable: old.folder.isDurable)
            files = DirectoryFiles(folder: folder, logger: old.logger)
            return (files, true)
        }
        guard isFirst else { return reopened }
        old.logger.warning(
            "the session folder was removed, and its sessions with it", metadata: ["path": "\(self.path)"])
        return reopened
    }
}
