// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import Sessions
import SessionsDirectory
import TestSupport
import Testing

@Suite struct DirectoryStoreFolderTests {
    private let folder: TemporaryFolder
    private var path: String { self.folder.path + "/store" }

    init() throws {
        self.folder = try TemporaryFolder()
    }

    private func refusal() -> DirectoryStoreError.Kind? {
        do {
            _ = try DirectoryStore(path: self.path)
            return nil
        } catch {
            #expect(error.path == self.path)
            #expect("\(error)".contains(self.path))
            return error.kind
        }
    }

    @Test func onlyTheOwnerGetsIn() async throws {
        let store = try self.folder.store()
        for number in 0..<20 {
            let record = SampleRecords.record(number, user: "user \(number)")
            #expect(try await store.write(record, replacing: nil, at: SampleRecords.now))
        }
        let names = try FileManager.default.subpathsOfDirectory(atPath: store.path)
        #expect(names.count > 100)
        for name in names + ["."] {
            let attributes = try FileManager.default.attributesOfItem(atPath: "\(store.path)/\(name)")
            let isFolder = attributes[.type] as? FileAttributeType == .typeDirectory
            #expect(attributes[.posixPermissions] as? Int == (isFolder ? 0o700 : 0o600), "\(name)")
            #expect(attributes[.ownerAccountID] as? Int == Int(geteuid()), "\(name)")
        }
    }

    @Test func aFolderThatIsThereIsUsed() async throws {
        try FileManager.default.createDirectory(
            atPath: self.path, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o755])
        let store = try DirectoryStore(path: self.path + "///")
        #expect(store.path == self.path)
        #expect(try await store.write(SampleRecords.record(), replacing: nil, at: SampleRecords.now))
    }

    @Test func aStoreWhoseFolderIsRemovedGoesOnInANewOne() async throws {
        let (store, other) = (try DirectoryStore(path: self.path), try DirectoryStore(path: self.path))
        let (record, now) = (SampleRecords.record(1, user: "alice"), SampleRecords.now)
        #expect(try await store.write(record, replacing: nil, at: now))
        try FileManager.default.removeItem(atPath: self.path)
        #expect(try await store.read(record.id, at: now) == nil)
        #expect(try await store.write(record, replacing: nil, at: now))
        // The other one still has the old folder open, and must not take what is not in there for what is not.
        #expect(try await other.ids(ofUser: "alice", at: now) == [record.id])
        #expect(try await other.read(record.id, at: now) == record)
    }

    @Test func aFolderThatCannotBeMadeAgainIsTold() async throws {
        let store = try DirectoryStore(path: self.path)
        try FileManager.default.removeItem(atPath: self.path)
        try FileManager.default.createSymbolicLink(atPath: self.path, withDestinationPath: self.folder.path)
        await #expect(throws: DirectoryStoreError.self) {
            try await store.read(SampleRecords.id(1), at: SampleRecords.now)
        }
    }

    @Test func theDefaultIsInTheTemporaryFolder() {
        #expect(DirectoryStore.defaultPath.hasSuffix("/dewar-sessions-\(geteuid())"))
        #expect(DirectoryStore.defaultPath.hasPrefix("/"))
    }

    @Test(arguments: ["", "/"]) func aSymbolicLinkIsRefused(ending: String) throws {
        try FileManager.default.createDirectory(atPath: self.folder.path + "/real", withIntermediateDirectories: false)
        try FileManager.default.createSymbolicLink(
            atPath: self.path, withDestinationPath: self.folder.path + "/real")
        #expect(throws: DirectoryStoreError.self) { try DirectoryStore(path: self.path + ending) }
        #expect(self.refusal() == .symbolicLink)
        #expect(try FileManager.default.contentsOfDirectory(atPath: self.folder.path + "/real").isEmpty)
    }

    @Test func aFileIsRefused() throws {
        try self.folder.write([1], to: self.path)
        #expect(self.refusal() == .notADirectory)
    }

    @Test func aFolderInNoFolderIsRefused() {
        let path = self.path + "/deeper"
        #expect(throws: DirectoryStoreError.self) { try DirectoryStore(path: path) }
        #expect(!FileManager.default.fileExists(atPath: self.path))
    }

    @Test(arguments: [0o720, 0o702, 0o777, 0o1777])
    func aFolderThatOthersMayWriteToIsRefused(mode: Int) throws {
        try FileManager.default.createDirectory(atPath: self.path, withIntermediateDirectories: false)
        #expect(chmod(self.path, mode_t(mode)) == 0)
        #expect(self.refusal() == .writableByOthers(mode: UInt16(mode)))
    }

    @Test(.enabled(if: geteuid() == 0, "only root can give a folder away"))
    func somebodyElsesFolderIsRefused() throws {
        try FileManager.default.createDirectory(atPath: self.path, withIntermediateDirectories: false)
        #expect(chown(self.path, 12345, 12345) == 0)
        #expect(self.refusal() == .foreignOwner(uid: 12345))
    }

    @Test func aFolderPutInThePlaceOfTheOpenOneIsNotUsed() async throws {
        let store = try self.folder.store()
        #expect(try await store.write(SampleRecords.record(), replacing: nil, at: SampleRecords.now))
        try FileManager.default.moveItem(atPath: self.path, toPath: self.folder.path + "/moved")
        try FileManager.default.createDirectory(atPath: self.path, withIntermediateDirectories: false)
        #expect(try await store.read(SampleRecords.id(1), at: SampleRecords.now) == SampleRecords.record())
        #expect(try await store.write(SampleRecords.record(version: 2), replacing: 1, at: SampleRecords.now))
        #expect(try FileManager.default.contentsOfDirectory(atPath: self.path).isEmpty)
    }
}
