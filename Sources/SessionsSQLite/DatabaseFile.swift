// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import GRDB
import Sessions
import Synchronization
import SystemPackage

/// A database file that belongs to the store.
struct DatabaseFile: Sendable {
    let path: String
    let synchronous: SQLiteStore.Synchronous
    let retries: BusyRetries

    func open() throws(SQLiteStoreError) -> DatabasePool {
        guard !self.path.isEmpty, self.path != ":memory:", !self.path.utf8.contains(0) else {
            throw SQLiteStoreError(
                .invalidName,
                "A session database needs the path of a file. For sessions in memory there is MemoryStore.")
        }
        try self.checkAccess()
        self.create()
        // Another process that opens the file at the same moment may hold locks for which SQLite does not wait.
        return try self.retries.runBlocking(path: self.path) {
            let pool = try DatabasePool(path: self.path, configuration: self.configuration)
            if self.synchronous == .full {
                // GRDB sets NORMAL while it opens the pool.
                try pool.writeWithoutTransaction { try $0.execute(sql: Self.fullSynchronization) }
            }
            return pool
        }
    }

    /// Opens one more connection to the file, which only reads.
    func openReader() throws -> DatabaseQueue {
        var configuration = self.configuration
        configuration.readonly = true
        return try DatabaseQueue(path: self.path, configuration: configuration)
    }

    private var configuration: Configuration {
        let milliseconds = self.retries.timeout.milliseconds
        var configuration = Configuration()
        configuration.label = "dewar.sessions"
        configuration.busyMode = .timeout(Double(milliseconds) / 1000)
        configuration.prepareDatabase { database in
            // GRDB gives a pool's read-only connections a timeout of ten seconds, whatever the mode.
            try database.execute(sql: "PRAGMA busy_timeout = \(milliseconds)")
            // Writes are spread over the whole file. The longer the log, the more changes of one page reach the file in
            // one write.
            try database.execute(sql: "PRAGMA wal_autocheckpoint = \(Self.checkpointPages)")
        }
        return configuration
    }

    /// On Darwin, what SQLite synchronizes by itself may still be in the drive's own memory in a power cut. The other
    /// systems have no such difference, and take the two settings all the same.
    private static let fullSynchronization = """
        PRAGMA synchronous = FULL;
        PRAGMA fullfsync = ON;
        PRAGMA checkpoint_fullfsync = ON
        """

    /// How long the log may get before it is written into the database, in pages: 16 MiB.
    private static let checkpointPages = 4096

    /// Refuses a file that another user can write, because that user could sign in as anyone. SQLite also reads the
    /// files beside it.
    private func checkAccess() throws(SQLiteStoreError) {
        for path in ["", "-wal", "-shm", "-journal"].map({ self.path + $0 }) {
            guard let problem = OwnFile.problem(at: path) else { continue }
            throw SQLiteStoreError(
                .unsafeFile,
                """
                The session database "\(path)" \(problem). Another user could put sessions into it and sign in as \
                anyone. Choose a file of your own; or open the database yourself, and give the store the DatabasePool.
                """)
        }
    }

    /// Makes a new file that only its owner can read and write. SQLite would let every user of the machine read it. It
    /// gives `-wal` and `-shm` the same permissions.
    ///
    /// SQLite reports a failure here when it opens the file.
    private func create() {
        Self.creating.withLock { _ in
            let file = try? FileDescriptor.open(
                FilePath(self.path), .writeOnly, options: [.create, .exclusiveCreate], permissions: .ownerReadWrite)
            try? file?.close()
        }
    }

    /// Closing a file releases every lock that the process has on it. So an existing file is never opened here, and
    /// this mutex keeps another store from opening a new file before it is closed.
    private static let creating = Mutex<Void>(())
}
