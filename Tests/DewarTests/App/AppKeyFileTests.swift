// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Configuration
import Foundation
import TestSupport
import Testing

@testable import Dewar

/// The keys of an application in a file of their own.
@Suite struct AppKeyFileTests {
    private let folder: TemporaryFolder
    private var path: String { self.folder.file("keys") }

    private static let old: SecretKey = "the old key, 0123456789abcdefghijklmnopqrstuvwxyz"
    private static let text = """
        sign text:the new key, 0123456789abcdefghijklmnopqrstuvwxyz
        accept text:the old key, 0123456789abcdefghijklmnopqrstuvwxyz

        """

    init() throws {
        self.folder = try TemporaryFolder()
        try self.write(Self.text)
    }

    private func write(_ text: String, mode: Int = 0o600) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: self.path))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: self.path)
    }

    private func app(
        _ settings: [String: String], secretKey: SecretKey? = nil
    ) throws(AppError) -> App {
        let reader = ConfigReader(provider: EnvironmentVariablesProvider(environmentVariables: settings))
        return try App(configuration: reader, secretKey: secretKey, sessions: .flask, logger: LogRecorder().logger)
    }

    /// What the application finds in a cookie under the old key.
    private func name(_ app: App) async throws -> String {
        app.get("/") { request in "\(request.session["username"])" }
        let author = try App(secretKey: Self.old, sessions: .flask, logger: LogRecorder().logger).testClient()
        try await author.withSession { $0["username"] = "admin" }
        let reader = try app.testClient()
        reader.cookies = author.cookies
        return try await reader.get("/").text
    }

    @Test func theKeysOfAFileSignAndVerify() async throws {
        let app = App(keyFile: self.path, sessions: .flask, logger: LogRecorder().logger)
        #expect(try await self.name(app) == "admin")
    }

    @Test func theFileIsASetting() async throws {
        #expect(try await self.name(self.app(["SECRET_KEY_FILE": self.path])) == "admin")
        // An argument wins over every configuration.
        #expect(try await self.name(self.app(["SECRET_KEY_FILE": self.path], secretKey: .forTests)) != "admin")
    }

    @Test(arguments: ["SECRET_KEY", "SECRET_KEY_FALLBACKS"])
    func aKeyBesideTheFileIsAMistake(_ name: String) {
        let error = #expect(throws: AppError.self) { try self.app(["SECRET_KEY_FILE": self.path, name: "s3cr3t"]) }
        #expect(error?.description.hasPrefix("Both secretKeyFile and secretKey") == true)
        #expect(error?.description.contains("s3cr3t") == false)
        let app = App(secretKey: "s3cr3t", keyFile: self.path, sessions: .flask, logger: LogRecorder().logger)
        #expect(throws: SessionError(.invalidConfiguration, "")) { try app.testClient() }
    }

    @Test func aFileThatCannotBeUsedStopsTheStart() throws {
        try self.write("sign text:s3cr3t\nsign text:s3cr3t2\n")
        let broken = App(keyFile: self.path, sessions: .flask, logger: LogRecorder().logger)
        let error = #expect(throws: SessionError.self) { try broken.testClient() }
        #expect(error?.code == .invalidConfiguration)
        #expect(error?.message.contains("line 2: one key signs, and that of line 1 does") == true)
        #expect(error?.message.contains("s3cr3t") == false)
        try self.write(Self.text, mode: 0o644)
        let open = App(keyFile: self.path, sessions: .flask, logger: LogRecorder().logger)
        #expect(throws: SessionError(.invalidConfiguration, "")) { try open.testClient() }
    }

    @Test func aGuessableKeyInAFileIsRefusedToo() throws {
        try self.write("sign text:any random string\n")
        let app = App(keyFile: self.path, logger: LogRecorder().logger)
        #expect(throws: SessionError(.weakKey, "")) { try app.testClient() }
    }
}
