// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dewar
import DewarTesting
import Foundation
import Logging
import TestSupport
import Testing

/// What lies in the folder and is not to be served.
@Suite(.timeLimit(.minutes(1))) struct StaticFolderTests {
    private let folder: TemporaryFolder
    private let log = LogRecorder()

    /// A folder `static`, and `secret.txt` beside it.
    init() throws {
        self.folder = try TemporaryFolder()
        try self.makeFolder("static/sub")
        try self.write("secret", to: "secret.txt")
        try self.write("hello", to: "static/sub/hello.txt")
    }

    @Test func noLinkIsFollowed() async throws {
        try self.makeFolder("outside")
        try self.write("secret", to: "outside/secret.txt")
        try self.link("static/file.txt", to: "../secret.txt")
        try self.link("static/absolute.txt", to: self.folder.file("secret.txt"))
        try self.link("static/outside", to: "../outside")
        try self.link("static/inside.txt", to: "sub/hello.txt")
        try self.link("static/inside", to: "sub")
        let client = try self.app().testClient()
        for path in ["file.txt", "absolute.txt", "outside/secret.txt", "inside.txt", "inside/hello.txt"] {
            let response = try await client.get("/static/\(path)")
            #expect(response.status == .notFound, "\(path)")
            #expect(!response.text.contains("secret"))
        }
        #expect(try await client.get("/static/sub/hello.txt").text == "hello")
    }

    @Test func theFolderItselfMayBeALink() async throws {
        try self.link("current", to: "static")
        let client = try self.app("current").testClient()
        #expect(try await client.get("/static/sub/hello.txt").text == "hello")
    }

    @Test func whatBeginsWithADotIsServedOnlyWhenAskedFor() async throws {
        try self.makeFolder("static/.git")
        try self.write("hidden", to: "static/.env")
        try self.write("hidden", to: "static/.git/config")
        let client = try self.app().testClient()
        #expect(try await client.get("/static/.env").status == .notFound)
        #expect(try await client.get("/static/.git/config").status == .notFound)
        let asked = try self.app(servesHiddenFiles: true).testClient()
        #expect(try await asked.get("/static/.env").text == "hidden")
        #expect(try await asked.get("/static/.git/config").text == "hidden")
        for path in ["/static/..", "/static/../secret.txt", "/static/.", "/static/./sub/hello.txt"] {
            #expect(try await asked.get(path).status == .notFound)
        }
    }

    @Test func aPipeIsNoFileAndNobodyWaitsForIt() async throws {
        try #require(mkfifo(self.folder.file("static/pipe"), 0o644) == 0)
        let client = try self.app().testClient()
        #expect(try await client.get("/static/pipe").status == .notFound)
        #expect(try await client.get("/static/pipe/hello.txt").status == .notFound)
    }

    @Test func aDeviceIsNoFile() async throws {
        let client = try self.app(folder: "/dev").testClient()
        #expect(try await client.get("/static/null").status == .notFound)
        #expect(try await client.get("/static/tty").status == .notFound)
    }

    @Test func aFolderThatIsNotThereIsToldToTheOperatorOnly() async throws {
        let response = try await self.app("none").testClient().get("/static/a.txt")
        #expect(response.status == .notFound)
        #expect(!response.text.contains(self.folder.path))
        #expect(self.log.text.contains("a static file cannot be read"))
    }

    @Test func aFileThatIsNotThereIsNotLogged() async throws {
        #expect(try await self.app().testClient().get("/static/none.txt").status == .notFound)
        #expect(self.log.warnings == 0)
    }

    private func app(_ name: String = "static", servesHiddenFiles: Bool = false) -> App {
        self.app(folder: self.folder.file(name), servesHiddenFiles: servesHiddenFiles)
    }

    private func app(folder: String, servesHiddenFiles: Bool = false) -> App {
        let app = App.forTests(log: self.log)
        app.staticFiles(folder, servesHiddenFiles: servesHiddenFiles)
        return app
    }

    private func makeFolder(_ name: String) throws {
        try FileManager.default.createDirectory(
            atPath: self.folder.file(name), withIntermediateDirectories: true)
    }

    private func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: self.folder.file(name)))
    }

    private func link(_ name: String, to target: String) throws {
        try FileManager.default.createSymbolicLink(atPath: self.folder.file(name), withDestinationPath: target)
    }
}
