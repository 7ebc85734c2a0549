// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import TestSupport
import Testing

@testable import Sessions
@testable import SessionsKeys

/// Key files on the disk: who may have access, and that a file is replaced in one step.
@Suite struct KeyFileStorageTests {
    private let folder: TestSupport.TemporaryFolder
    private var path: String { self.folder.file("keys") }

    init() throws {
        self.folder = try TestSupport.TemporaryFolder()
    }

    private func make(_ text: String = "sign text:a secret\n", mode: Int = 0o600) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: self.path))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: self.path)
    }

    private var mode: Int? {
        let attributes = try? FileManager.default.attributesOfItem(atPath: self.path)
        return (attributes?[.posixPermissions] as? NSNumber)?.intValue
    }

    private func problem(_ access: KeyFileAccess = .ownerOnly) -> KeyFileError.Kind? {
        do throws(KeyFileError) {
            _ = try SecretKeys(file: self.path, access: access)
            return nil
        } catch {
            return error.kind
        }
    }

    @Test(arguments: [0o600, 0o400, 0o700])
    func aFileOfOnesOwnIsTaken(_ mode: Int) throws {
        try self.make(mode: mode)
        #expect(try SecretKeys(file: self.path) == "a secret")
    }

    @Test(arguments: [0o644, 0o640, 0o620, 0o604, 0o602, 0o610])
    func aFileThatOthersHaveAccessToIsRefusedUnlessAllowed(_ mode: Int) throws {
        try self.make(mode: mode)
        #expect(self.problem() == .openToOthers(mode: UInt16(mode)))
        #expect(try SecretKeys(file: self.path, access: .writableByOthers) == "a secret")
    }

    /// As Kubernetes and Docker mount their secrets.
    @Test(arguments: [0o440, 0o444, 0o640, 0o644])
    func aFileThatOthersCanReadIsTakenWhereThatIsAllowed(_ mode: Int) throws {
        try self.make(mode: mode)
        #expect(self.problem() == .openToOthers(mode: UInt16(mode)))
        #expect(try SecretKeys(file: self.path, access: .readableByOthers) == "a secret")
    }

    @Test(arguments: [0o620, 0o660, 0o602, 0o666])
    func readersAreNoWriters(_ mode: Int) throws {
        try self.make(mode: mode)
        #expect(self.problem(.readableByOthers) == .openToOthers(mode: UInt16(mode)))
    }

    /// Only root can give a file away.
    @Test(.enabled(if: geteuid() == 0)) func aFileOfAnotherUserIsRefused() throws {
        try self.make()
        #expect(chown(self.path, 12_345, 12_345) == 0)
        for access in [KeyFileAccess.ownerOnly, .readableByOthers] {
            #expect(self.problem(access) == .foreignOwner(uid: 12_345))
        }
        #expect(try SecretKeys(file: self.path, access: .writableByOthers) == "a secret")
        #expect("\(KeyFileError.Kind.foreignOwner(uid: 12_345))".contains("12345"))
    }

    /// Root could read every file all the same, and mounts the secrets of containers.
    @Test(arguments: [(geteuid(), true), (0, true), (geteuid() + 1, false)])
    func theFileIsTheProgramsOrRoots(_ owner: uid_t, _ isTaken: Bool) {
        #expect((KeyFileAccess.ownerOnly.problem(owner: owner, mode: 0o100_600) == nil) == isTaken)
    }

    @Test func whatIsNoFileOfKeysIsRefused() throws {
        #expect(self.problem() == .system(operation: "open", errno: ENOENT))
        let absent = try KeyFileStorage.readIfPresent(self.path, access: .ownerOnly)
        #expect(absent == nil)
        #expect(mkfifo(self.path, 0o600) == 0)
        #expect(self.problem() == .notAFile)
        try FileManager.default.removeItem(atPath: self.path)
        try self.make(String(repeating: "#", count: 1 << 16) + "\n")
        #expect(self.problem() == .tooLarge)
    }

    @Test func aNewFileIsItsOwnersAlone() throws {
        var file = KeyFile(path: self.path)
        try file.add("a secret")
        try KeyFileStorage.write(file, access: nil)
        #expect(self.mode == 0o600)
        #expect(try SecretKeys(file: self.path) == "a secret")
    }

    @Test func aFileIsReplacedAndKeepsItsMode() throws {
        try self.make(mode: 0o640)
        let first = try FileManager.default.attributesOfItem(atPath: self.path)[.systemFileNumber] as? NSNumber
        let before = try KeyFileStorage.read(self.path, access: .writableByOthers)
        var file = before.file
        try file.add("another secret")
        try KeyFileStorage.write(file, access: before.access)
        #expect(self.mode == 0o640)
        let second = try FileManager.default.attributesOfItem(atPath: self.path)[.systemFileNumber] as? NSNumber
        #expect(first != second, "it was written in place, and a reader could have had half of it")
        #expect(try FileManager.default.contentsOfDirectory(atPath: self.folder.path) == ["keys"])
    }

    @Test func aLinkStaysOne() throws {
        try self.make()
        let link = self.folder.file("link")
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: self.path)
        let before = try KeyFileStorage.read(link, access: .ownerOnly)
        var file = before.file
        try file.add("another secret")
        try KeyFileStorage.write(file, access: before.access)
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == self.path)
        #expect(try SecretKeys(file: self.path).fallbacks == ["another secret"])
    }

    @Test func aFailedWriteLeavesNothingBehind() throws {
        // A folder that is in the way cannot be replaced.
        try FileManager.default.createDirectory(atPath: self.path, withIntermediateDirectories: false)
        #expect(throws: KeyFileError.self) { try KeyFileStorage.write(KeyFile(path: self.path), access: nil) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: self.folder.path) == ["keys"])
    }
}
