// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

public import Logging
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

/// Keeps sessions in a folder, a file each: nothing to install, nothing to run, and safe between processes.
///
/// ```swift
/// let store = try DirectoryStore()                            // in the system's temporary folder
/// let kept = try DirectoryStore(path: "/var/lib/shop/sessions") // in a folder of your own
/// ```
///
/// The folder is made with mode 700, the files with 600. A folder that is a symbolic link, that belongs to somebody
/// else or that others may write to is refused, for whoever can write there can sign in as anybody. The files hold no
/// secret: a copy of the folder lets nobody in.
///
/// A session is written to a new file that then takes the place of the old one, so that a reader, who waits for nobody,
/// sees one or the other. Writers of the same 256th of all ids take turns by `flock`, in this process and in others;
/// the folder must be on a file system that has it, which local ones do. A process that keeps such a lock holds up the
/// writers of that part alone, each for ``defaultLockTimeout`` at most, and no reader. A file that is damaged all the
/// same, by a bad disk or by hand, is never served: it is logged and counts as absent.
///
/// A process that is killed loses nothing that it had acknowledged. A power cut may take the sessions that were written
/// in the last half minute, unless `isDurable` is set. In a temporary folder, sessions end when the system cleans it:
/// with most at a restart, with some after ten days without use. A store whose folder is removed while it is open goes
/// on in a new one.
public final class DirectoryStore: SessionStore {
    /// The folder.
    public let path: String

    /// How long a writer waits for a lock, unless said otherwise.
    public static let defaultLockTimeout: Duration = .seconds(5)

    private let files: Mutex<DirectoryFiles>
    private let pool: BlockingPool
    private let turns = WriteTurns<String>()
    private let lockTimeout: Duration

    /// A store in a folder, which is made if need be; the one above it must exist.
    ///
    /// - Parameters:
    ///   - path: The folder; ``defaultPath`` if nil.
    ///   - isDurable: Whether a write waits until it survives a power cut, some milliseconds on most disks.
    ///   - maximumParallelism: How many calls to the file system run at once, on threads of their own; twice the number
    ///     of cores and at least four if nil. Others wait, and hold no thread.
    ///   - lockTimeout: How long a write or a removal waits while another process, or another call, holds the lock of
    ///     its part of the sessions. Then it throws ``DirectoryStoreError/Problem/lockTimedOut``.
    ///   - logger: Hears of damaged files.
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

    /// `dewar-sessions-<number of the user>` in the system's temporary folder: `$TMPDIR`, or else `/tmp`.
    public static var defaultPath: String {
        var folder = ProcessInfo.processInfo.environment["TMPDIR"] ?? ""
        while folder.utf8.last == UInt8(ascii: "/") { folder.removeLast() }
        return "\(folder.isEmpty ? "/tmp" : folder)/dewar-sessions-\(geteuid())"
    }

    /// Reads the record's file, and waits for no writer.
    public func read(_ id: SessionID, at now: Date) async throws -> SessionRecord? {
        try await self.run { try $0.read(id, at: now) }
    }

    /// Compares and sets under the lock of the record's folder; the new file takes the place of the old one in one
    /// step.
    public func write(_ record: SessionRecord, replacing version: Int?, at now: Date) async throws -> Bool {
        try await self.runLocked(record.id) { try $0.write(record, replacing: version, at: now) }
    }

    /// Removes the record's file under the same lock, and then what leads to it.
    public func remove(_ id: SessionID, ifVersion version: Int?) async throws -> Bool {
        try await self.runLocked(id) { try $0.remove(id, ifVersion: version) }
    }

    /// Removes expired records, but for those whose lock is held, and files that processes that were killed left half
    /// written more than an hour ago.
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

    // MARK: - Locks

    /// Runs a call that needs a session's lock. While another process has that, nothing here holds a thread: the calls
    /// of this process line up for it, and the first in line tries again from time to time.
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

    /// In a task of its own, for one that is cancelled does not sleep. Drawn by lot, so that two processes do not keep
    /// step.
    private static func wait(_ pause: Duration) async {
        await Task { try? await Task.sleep(for: pause * Double.random(in: 0.5...1)) }.value
    }

    // MARK: - A folder that is removed

    private func run<Value: Sendable>(
        _ call: @escaping @Sendable (DirectoryFiles) throws -> Value
    ) async throws -> Value {
        try await self.pool.run {
            let files = self.files.withLock { $0 }
            do {
                return try call(files)
            } catch let error as DirectoryStoreError {
                guard error.problem == .removed else { throw error }
                return try call(self.reopened(instead: files))
            }
        }
    }

    /// The folder that stands in the place of one that was removed, by hand or by a cleaner of temporary files; made
    /// anew unless another process or call has done so.
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
