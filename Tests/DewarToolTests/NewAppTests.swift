// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import ArgumentParser
import Foundation
import TestSupport
import Testing

@testable import DewarTool

/// `dewar new`: names, where Dewar comes from, and the folder.
@Suite struct NewAppTests {
    private let folder: TestSupport.TemporaryFolder
    private var parent: String { self.folder.path }

    init() throws {
        self.folder = try TestSupport.TemporaryFolder()
    }

    private var contents: [String] { (try? FileManager.default.subpathsOfDirectory(atPath: self.parent)) ?? [] }

    @Test(arguments: ["shop", "Shop2", "my_shop", "a", "test", "carts", "swap"])
    func aNameBeginsWithALetter(text: String) throws {
        #expect(try AppName(text).text == text)
    }

    @Test(arguments: [
        "", "2shop", "_shop", "my-shop", "my shop", "../x", "x/y", "/x", ".", "café", "ｓhop", "shop\n", "a\u{1B}[2J",
        "$shop", "class", "Self", "main", "swift", "Swift", "DEWAR", "Dewar", "dewar_shop", "Sessions", "foundation",
        "Testing", "cart", "Login", "nio", "Hummingbird", "Logging", String(repeating: "a", count: 51),
    ])
    func anythingElseIsNoName(text: String) {
        #expect(throws: ValidationError.self) { try AppName(text) }
    }

    @Test func aRepositoryIsNamedByItsURL() throws {
        let package = try DewarPackage("https://git.example.com/team/Dewar-Copy.git")
        #expect(package.dependency == #".package(url: "https://git.example.com/team/Dewar-Copy.git", branch: "main")"#)
        #expect(package.name == "dewar-copy")
        #expect(try DewarPackage("git@git.example.com:dewar").name == "dewar")
        #expect(try DewarPackage("ssh://git@git.example.com/dewar.git").name == "dewar")
    }

    @Test(arguments: [
        "", "/", "/nowhere", "https://", "https://h/a\"b", "https://h/a b", "https://h/\\(x)", "https://h/\n",
    ])
    func anythingElseIsNoPackage(text: String) {
        #expect(throws: ToolError.self) { try DewarPackage(text) }
    }

    @Test func thisSourceIsFoundAndAMovedOneIsAnError() throws {
        let root = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(separator: "/")
        let own = try DewarPackage.ownSource()
        #expect(own.name == "dewar" && own.dependency.hasPrefix(#".package(name: "dewar", path: "/"#))
        #expect(try DewarPackage(root) == own)
        #expect(throws: ToolError.self) {
            try DewarPackage.ownSource(of: "/gone/Sources/DewarTool/New/DewarPackage.swift")
        }
    }

    @Test(arguments: [false, true]) func everyAppHasAKeyOfItsOwn(signsIn: Bool) throws {
        let app = NewApp(name: try AppName("shop"), signsIn: signsIn, package: try DewarPackage.ownSource())
        let keys = try [app.files, app.files].map { try #require($0.first { $0.path == "secret-keys" }) }
        #expect(keys[0].text != keys[1].text && keys.allSatisfy(\.isSecret))
        let ignored = try #require(app.files.first { $0.path == ".gitignore" })
        #expect(ignored.text.split(separator: "\n").contains("/secret-keys"))
        // The key is in no other file.
        let key = try #require(keys[0].text.firstRange(of: "base64:").map { keys[0].text[$0.lowerBound...].dropLast() })
        #expect(key.utf8.count == "base64:".utf8.count + 44)
        #expect(app.files.filter { $0.text.contains(key) }.isEmpty)
    }

    @Test func whatIsThereStaysAsItIs() throws {
        let (name, file) = (try AppName("shop"), NewApp.File(path: "a/b", text: "x"))
        try AppFolder(name, [file], in: self.parent).write()
        #expect(self.contents.sorted() == ["shop", "shop/a", "shop/a/b"])
        let late = NewApp.File(path: "a/b", text: "y")
        #expect(throws: ToolError.self) { try AppFolder(name, [late], in: self.parent) }
        #expect(try String(contentsOfFile: self.parent + "/shop/a/b", encoding: .utf8) == "x")
        // A link that leads nowhere is something, too.
        try FileManager.default.createSymbolicLink(atPath: self.parent + "/other", withDestinationPath: "/nowhere")
        #expect(throws: ToolError.self) { try AppFolder(try AppName("other"), [file], in: self.parent) }
    }

    @Test func aFolderThatAppearsMeanwhileStaysAsItIs() throws {
        let folder = try AppFolder(try AppName("shop"), [NewApp.File(path: "a", text: "x")], in: self.parent)
        try FileManager.default.createDirectory(atPath: self.parent + "/shop", withIntermediateDirectories: false)
        #expect(throws: ToolError.self) { try folder.write() }
        #expect(self.contents == ["shop"])
    }

    @Test func aFailureLeavesNothingBehind() throws {
        let files = ["a", "b/c/d", "b/c/d"].map { NewApp.File(path: $0, text: "x") }
        #expect(throws: ToolError.self) { try AppFolder(try AppName("shop"), files, in: self.parent).write() }
        #expect(self.contents.isEmpty)
    }

    @Test func aSecretFileIsItsOwnersAlone() throws {
        let files = [NewApp.File(path: "k", text: "x", isSecret: true), NewApp.File(path: "r", text: "x")]
        try AppFolder(try AppName("shop"), files, in: self.parent).write()
        let modes = try ["k", "r"].map {
            try FileManager.default.attributesOfItem(atPath: "\(self.parent)/shop/\($0)")[.posixPermissions] as? Int
        }
        #expect(modes[0] == 0o600 && modes[1].map { $0 & 0o600 } == 0o600)
    }
}
