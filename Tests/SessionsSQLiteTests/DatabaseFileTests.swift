// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import GRDB
import Sessions
import TestSupport
import Testing

@testable import SessionsSQLite

/// Whose the file of a database is, and who else may read or write it.
@Suite struct DatabaseFileTests {
    private let folder: TemporaryFolder
    private var path: String { self.folder.file("sessions.sqlite") }

    init() throws {
        self.folder = try TemporaryFolder()
    }

    private func mode(_ path: String) -> Int? {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        return (attributes?[.posixPermissions] as? NSNumber)?.intValue
    }

    private func code() -> SQLiteStoreError.Kind? {
        do throws(SQLiteStoreError) {
            _ = try SQLiteStore(path: self.path)
            return nil
        } catch {
            #expect(error.description.contains("Another user could") || error.kind != .unsafeFile)
            return error.kind
        }
    }

    @Test func aNewDatabaseAndTheFilesBesideItAreTheirOwnersAlone() async throws {
        let store = try SQLiteStore(path: self.path)
        #expect(try await store.write(try record(), replacing: nil, at: start))
        for ending in ["", "-wal", "-shm"] { #expect(self.mode(self.path + ending) == 0o600, "\(ending)") }
        // A second one finds them there.
        #expect(try await SQLiteStore(path: self.path).read(.number(1), at: start) == record())
    }

    /// The last two make a difference on Darwin alone, where a drive may otherwise lose what it has acknowledged.
    @Test func whatIsWrittenInFullSurvivesAPowerCutOnEverySystem() throws {
        let file = DatabaseFile(
            path: self.path, synchronous: .full, retries: BusyRetries(timeout: SQLiteStore.defaultBusyTimeout))
        let settings = try file.open().writeWithoutTransaction { database in
            try ["synchronous", "fullfsync", "checkpoint_fullfsync"].map {
                try Int.fetchOne(database, sql: "PRAGMA \($0)")
            }
        }
        #expect(settings == [2, 1, 1])
    }

    /// The connection that closes last writes the log into the database: it must not be one that only reads.
    @Test func aStoreThatIsGoneLeavesTheDatabaseAlone() async throws {
        do {
            let store = try SQLiteStore(path: self.path)
            #expect(try await store.write(try record(), replacing: nil, at: start))
            #expect(try await store.read(.number(1), at: start) != nil)
        }
        try await eventually("the log is in the database") {
            try FileManager.default.contentsOfDirectory(atPath: self.folder.file("")) == ["sessions.sqlite"]
        }
        #expect(try await SQLiteStore(path: self.path).read(.number(1), at: start) == record())
    }

    /// SQLite would make what it leads to, and let everybody read it.
    @Test func aLinkThatLeadsNowhereIsRefused() throws {
        let target = self.folder.file("elsewhere.sqlite")
        try FileManager.default.createSymbolicLink(atPath: self.path, withDestinationPath: target)
        #expect(self.code() == .unsafeFile)
        #expect(!FileManager.default.fileExists(atPath: target))
    }

    @Test func aLinkOfOnesOwnToAFileOfOnesOwnIsTaken() throws {
        let target = self.folder.file("elsewhere.sqlite")
        _ = try SQLiteStore(path: target)
        try FileManager.default.createSymbolicLink(atPath: self.path, withDestinationPath: target)
        #expect(self.code() == nil)
    }

    @Test(arguments: [0o666, 0o620, 0o602])
    func aDatabaseThatOthersMayWriteIsRefused(_ mode: Int) throws {
        _ = try SQLiteStore(path: self.path)
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: self.path)
        #expect(self.code() == .unsafeFile)
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: self.path)
        #expect(self.code() == nil)
    }

    /// SQLite takes over what it finds in them.
    @Test(arguments: ["-wal", "-shm", "-journal"])
    func aFileBesideItThatOthersMayWriteIsRefused(_ ending: String) throws {
        #expect(FileManager.default.createFile(atPath: self.path + ending, contents: nil))
        try FileManager.default.setAttributes([.posixPermissions: 0o666], ofItemAtPath: self.path + ending)
        #expect(self.code() == .unsafeFile)
        try FileManager.default.removeItem(atPath: self.path + ending)
        try FileManager.default.createSymbolicLink(
            atPath: self.path + ending, withDestinationPath: self.folder.file("elsewhere"))
        #expect(self.code() == .unsafeFile)
    }

    @Test func aFolderOrAPipeIsRefused() throws {
        #expect(mkfifo(self.path, 0o600) == 0)
        #expect(self.code() == .unsafeFile)
        try FileManager.default.removeItem(atPath: self.path)
        try FileManager.default.createDirectory(atPath: self.path, withIntermediateDirectories: false)
        #expect(self.code() == .unsafeFile)
    }

    /// Only root can give a file away.
    @Test(.enabled(if: geteuid() == 0)) func aDatabaseOfAnotherUserIsRefused() throws {
        _ = try SQLiteStore(path: self.path)
        #expect(chown(self.path, 12_345, 12_345) == 0)
        #expect(self.code() == .unsafeFile)
        let link = self.folder.file("link.sqlite")
        #expect(chown(self.path, 0, 0) == 0)
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: self.path)
        #expect(lchown(link, 12_345, 12_345) == 0)
        #expect(throws: SQLiteStoreError.self) { try SQLiteStore(path: link) }
    }
}
