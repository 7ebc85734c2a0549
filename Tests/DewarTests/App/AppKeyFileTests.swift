// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Configuration
import DewarTesting
import Foundation
import TestSupport
import Testing

@testable import Dewar

/// The keys of an application in a file of their own.
@Suite struct AppKeyFileTests {
    private let folder: TemporaryFolder
    private var path: String { self.folder.file("keys") }

    private static let old: SecretKey = "the old key, 7mQx2vK9rTzB4nWc8jLdY5hPf3GsU6ae"
    private static let text = """
        sign text:the new key, 7mQx2vK9rTzB4nWc8jLdY5hPf3GsU6ae
        accept text:the old key, 7mQx2vK9rTzB4nWc8jLdY5hPf3GsU6ae

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
    ) -> App {
        let reader = ConfigReader(provider: EnvironmentVariablesProvider(environmentVariables: settings))
        return App(configuration: reader, secretKey: secretKey, sessions: .flask, logger: LogRecorder().logger)
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
        let error = #expect(throws: AppError.self) {
            try self.app(["SECRET_KEY_FILE": self.path, name: "s3cr3t"]).testClient()
        }
        #expect(error?.description.hasPrefix("Both secretKeyFile and secretKey") == true)
        #expect(error?.description.contains("s3cr3t") == false)
        let app = App(secretKey: "s3cr3t", keyFile: self.path, sessions: .flask, logger: LogRecorder().logger)
        #expect(throws: SessionError(.invalidConfiguration, "")) { try app.testClient() }
    }

    @Test func aFileThatCannotBeUsedStopsTheStart() throws {
        try self.write("sign text:s3cr3t\nsign text:s3cr3t2\n")
        let broken = App(keyFile: self.path, sessions: .flask, logger: LogRecorder().logger)
        let error = #expect(throws: SessionError.self) { try broken.testClient() }
        #expect(error?.kind == .invalidConfiguration)
        #expect(error?.message.contains("line 2: only one key may sign, and line 1 holds one already") == true)
        #expect(error?.message.contains("s3cr3t") == false)
        try self.write(Self.text, mode: 0o644)
        let open = App(keyFile: self.path, sessions: .flask, logger: LogRecorder().logger)
        #expect(throws: SessionError(.invalidConfiguration, "")) { try open.testClient() }
    }

    /// As Kubernetes and Docker mount their secrets.
    @Test(arguments: [0o440, 0o444])
    func aMountedSecretIsTakenWhereThatIsAllowed(_ mode: Int) async throws {
        try self.write(Self.text, mode: mode)
        let refusing = App(keyFile: self.path, sessions: .flask, logger: LogRecorder().logger)
        #expect(throws: SessionError(.invalidConfiguration, "")) { try refusing.testClient() }
        let log = LogRecorder()
        let app = App(keyFile: self.path, keyFileAccess: .readableByOthers, sessions: .flask, logger: log.logger)
        #expect(try await self.name(app) == "admin")
        let settings = ["SECRET_KEY_FILE": self.path, "SECRET_KEY_FILE_ACCESS": "readableByOthers"]
        #expect(try await self.name(self.app(settings)) == "admin")
        // It is followed with the same access.
        #expect(app.keyFileAccess == .readableByOthers)
    }

    @Test func anUnknownAccessIsAMistake() {
        let error = #expect(throws: AppError.self) {
            try self.app(["SECRET_KEY_FILE": self.path, "SECRET_KEY_FILE_ACCESS": "everybody"]).testClient()
        }
        #expect(error?.description.contains("secretKeyFileAccess must be ownerOnly") == true)
    }

    private static let configuration = #"{"secretKey": "Xb7hQm2PzK9wLr4TnV8sDc3JfG6yAe5U"}"#

    private func configured(
        mode: Int, text: String = Self.configuration, secretKey: SecretKey? = nil,
        sessions: SessionConfiguration = .standard, log: LogRecorder = LogRecorder()
    ) async throws -> App {
        try self.write(text, mode: mode)
        return await App(
            configurationFile: self.path, secretKey: secretKey, sessions: sessions, logger: log.logger)
    }

    @Test(arguments: [0o644, 0o640, 0o620, 0o602])
    func aConfigurationFileWithTheKeyIsAFileOfKeys(_ mode: Int) async throws {
        let error = await #expect(throws: AppError.self) {
            try await self.configured(mode: mode).testClient()
        }
        #expect(error?.kind == .invalidConfiguration)
        #expect(error?.description.contains("mode \(String(mode, radix: 8))") == true)
        #expect(error?.description.contains("Xb7h") == false)
        _ = try await self.configured(mode: 0o600).testClient()
    }

    @Test func aConfigurationFileMayBeReadByOthersWhereThatIsAllowed() async throws {
        let text = String(Self.configuration.dropLast()) + #", "secretKeyFileAccess": "readableByOthers"}"#
        _ = try await self.configured(mode: 0o444, text: text).testClient()
        await #expect(throws: AppError.self) {
            try await self.configured(mode: 0o664, text: text).testClient()
        }
    }

    @Test func aConfigurationFileWithoutAKeyMayBeReadByAll() async throws {
        _ = try await self.configured(mode: 0o644, text: #"{"port": 8080}"#).testClient()
        // The key in it is not used.
        _ = try await self.configured(mode: 0o644, secretKey: .forTests).testClient()
    }

    @Test func flaskWarnsOfAConfigurationFileThatOthersCanRead() async throws {
        let log = LogRecorder()
        _ = try await self.configured(mode: 0o644, sessions: .flask, log: log).testClient()
        #expect(log.warnings == 1)
        #expect(log.text.contains("holds a secret key"))
    }

    @Test func aGuessableKeyInAFileIsRefusedToo() throws {
        try self.write("sign text:any random string\n")
        let app = App(keyFile: self.path, logger: LogRecorder().logger)
        #expect(throws: SessionError(.weakKey, "")) { try app.testClient() }
    }
}
