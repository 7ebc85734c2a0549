// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import SessionsTesting
import TestSupport
import Testing

@testable import Sessions
@testable import SessionsKeys

/// A manager follows its key file: look by look, without waiting.
@Suite struct KeyFileFollowTests {
    private let folder: TestSupport.TemporaryFolder
    private let site = KeySite(.sealed)
    private var path: String { self.folder.file("keys") }

    private static let before = "sign \(KeySite.old.base64Text)\n"
    private static let sign = "sign \(KeySite.new.base64Text)\naccept \(KeySite.old.base64Text)\n"

    init() throws {
        self.folder = try TestSupport.TemporaryFolder()
        try self.write(Self.before)
    }

    private func write(_ text: String, mode: Int = 0o600) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: self.path))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: self.path)
    }

    private func watcher(_ process: SessionManager) -> KeyFileWatcher {
        KeyFileWatcher(path: self.path, access: .ownerOnly, sessions: process)
    }

    private var errors: Int {
        self.site.log.text.split(separator: "\n").count { $0.contains("the keys stay as they were") }
    }

    private var loads: Int { self.site.log.text.split(separator: "\n").count { $0.contains("were loaded anew") } }

    @Test func aChangeIsLoadedOnce() async throws {
        let process = try self.site.process(SecretKeys(file: self.path))
        var watcher = self.watcher(process)
        await watcher.look()
        #expect(self.loads == 0)
        try self.write(Self.sign)
        await watcher.look()
        await watcher.look()
        #expect(self.loads == 1)
        let visitor = try await self.site.signedIn(process)
        let retired = try self.site.process(KeySite.retire)
        #expect(try await self.site.visitor(retired, with: visitor.cookie).look("user") == "alice")
        try self.write("# a comment\n" + Self.sign)
        await watcher.look()
        #expect(self.loads == 1)
    }

    @Test func aChangeFromBeforeTheFirstLookIsLoadedToo() async throws {
        let process = try self.site.process(SecretKeys(file: self.path))
        try self.write(Self.sign)
        var watcher = self.watcher(process)
        await watcher.look()
        #expect(self.loads == 1)
    }

    @Test func aBrokenFileKeepsTheKeysAndIsToldOnce() async throws {
        let process = try self.site.process(SecretKeys(file: self.path))
        let visitor = try await self.site.signedIn(process)
        var watcher = self.watcher(process)
        let texts = ["sign base64:s3cr3t!\n", "sign text:s3cr3t\n", "", Self.sign + Self.sign]
        for (index, text) in texts.enumerated() {
            try self.write(text)
            for _ in 0..<3 { await watcher.look() }
            #expect(self.errors == index + 1, "\(text)")
        }
        try self.write(Self.sign, mode: 0o644)
        await watcher.look()
        try FileManager.default.removeItem(atPath: self.path)
        for _ in 0..<3 { await watcher.look() }
        #expect(self.errors == texts.count + 2)
        #expect(!self.site.log.text.contains("s3cr3t"))
        #expect(try await visitor.look("user") == "alice")
        #expect(self.loads == 0)
        try self.write(Self.sign)
        await watcher.look()
        #expect(self.loads == 1)
        #expect(try await visitor.look("user") == "alice")
    }

    @Test func theLogNamesKeysByTheirFingerprints() async throws {
        let process = try self.site.process(SecretKeys(file: self.path))
        try self.write(Self.sign)
        var watcher = self.watcher(process)
        await watcher.look()
        #expect(self.site.log.text.contains(KeySite.new.fingerprint))
        #expect(self.site.log.text.contains(KeySite.old.fingerprint))
        #expect(!self.site.log.text.contains("the new key"))
        #expect(!self.site.log.text.contains(KeySite.new.base64Text.dropFirst(10).prefix(12)))
    }

    @Test func followingGoesOnUntilItIsCancelled() async throws {
        let process = try self.site.process(SecretKeys(file: self.path))
        let task = Task {
            await process.follow(keyFile: self.path) {
                try self.write(Self.sign)
                try Task.checkCancellation()
                await Task.yield()
            }
        }
        try await eventually("the keys are loaded") { self.loads == 1 }
        task.cancel()
        await task.value
    }
}
