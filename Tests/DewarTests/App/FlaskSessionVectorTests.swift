// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import Logging
import SessionsTesting
import Synchronization
import TestSupport
import Testing

@testable import Dewar
@testable import Sessions
@testable import SessionsFlask
@testable import SessionsSupport
@testable import SessionsValues

/// `flask_session_redis.json`: what Flask-Session tells Redis and the browser.
@Suite struct FlaskSessionVectorTests {
    @Test func everyRequestLeavesTheRecordThatFlaskSessionLeaves() async throws {
        for test in try Fixtures.cases("flask_session_redis", "cases") {
            let clock = ManualClock()
            let storage = SharedFlaskStorage(clock: clock.sessionClock)
            for entry in test.list("initial_store") { storage[entry.text("key") ?? ""] = entry.bytes("value") }
            for request in test.list("requests") {
                clock.now = Date(timeIntervalSince1970: Double(request.number("now") ?? 0))
                try await Self.run(request, of: test, storage: storage, clock: clock)
            }
        }
    }

    private static func run(
        _ request: FixtureCase, of test: FixtureCase, storage: SharedFlaskStorage, clock: ManualClock
    ) async throws {
        let expected = try #require(request.object("expect"))
        let comment = Comment(rawValue: test.name)
        let generated = expected.fields["generated_ids"] as? [String] ?? []
        let ids = Mutex(generated)
        let manager = try SessionManager(
            keys: test.keys, configuration: Self.configuration(test, storage: storage), clock: clock.sessionClock,
            random: SessionRandom { _ in
                let id = ids.withLock { $0.isEmpty ? "" : $0.removeFirst() }
                return Base64.decodeURLSafe(Array(id.utf8)[...]) ?? []
            }, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let before = storage.keys.reduce(into: [:]) { $0[$1] = storage[$1] }
        let script = SessionScript(request)
        let session = try await manager.open([request.text("cookie_header")].compactMap { $0 })
        script.attach(session)
        var status = (try? script.run(session)) == nil ? 500 : 200
        var headers: SessionHeaders
        do {
            headers = try await manager.commit(session)
        } catch {
            status = 500
            headers = manager.headersAfterFailure(of: session)
        }
        #expect(status == expected.number("status"), comment)
        #expect(headers.variesOnCookie == expected.has("vary"), comment)
        #expect(Self.asFlaskSession(headers.setCookie) == expected.text("set_cookie"), comment)
        let commands = Self.commands(expected, before: before, generated: generated)
        #expect(storage.takeCommands() == commands, comment)
        try script.check(expected, comment: comment, in: Self.withoutTuples)
    }

    private static func configuration(
        _ test: FixtureCase, storage: SharedFlaskStorage
    ) throws -> SessionConfiguration {
        let settings = test.object("config")
        var configuration = try SessionConfiguration(flaskSettings: settings)
        var options = FlaskSessionOptions(storage: storage)
        if let prefix = settings?.text("SESSION_KEY_PREFIX") { options.keyPrefix = prefix }
        if let length = settings?.number("SESSION_ID_LENGTH") { options.idLength = length }
        options.signsIDs = settings?.flag("SESSION_USE_SIGNER") ?? false
        options.startsPermanent = settings?.flag("SESSION_PERMANENT") ?? true
        if settings?.text("SESSION_SERIALIZATION_FORMAT") == "json" { options.serialization = .json }
        configuration.flaskSession = options
        // A departure: Flask-Session ignores the setting.
        configuration.cookie.isPartitioned = false
        return configuration
    }

    /// A departure: Flask-Session deletes the cookie without its attributes, which a browser refuses for some names.
    private static func asFlaskSession(_ setCookie: String?) -> String? {
        guard let setCookie, setCookie.contains("Max-Age=0") else { return setCookie }
        let parts = setCookie.split(separator: "; ")
        return parts.filter { $0 != "HttpOnly" && $0 != "Secure" && !$0.hasPrefix("SameSite=") }
            .joined(separator: "; ")
    }

    /// What Dewar tells the engine where Flask-Session sends these commands.
    private static func commands(
        _ expected: FixtureCase, before: [String: [UInt8]], generated: [String]
    ) -> [SharedFlaskStorage.Command] {
        expected.list("redis").compactMap { command in
            let key = command.text("key") ?? ""
            switch command.text("command") {
            case "GET":
                // A departure: the engine is not asked for what no generator of ids makes.
                let id = key.split(separator: ":").last.map(String.init) ?? ""
                return FlaskSessionID(Array(id.utf8)[...]) == nil ? nil : .get(key)
            case "DEL":
                // A departure: an id made for this request has no record.
                return generated.contains { key.hasSuffix($0) } ? nil : .remove(key)
            default:
                let (bytes, seconds) = (command.bytes("value") ?? [], command.number("ex") ?? 0)
                // A departure: a session that was only used is not written again.
                let isUntouched = expected.flag("modified") == false && before[key] == bytes
                return isUntouched ? .expire(key, seconds: seconds) : .set(key, bytes, seconds: seconds)
            }
        }
    }

    private static func withoutTuples(_ value: SessionValue) -> SessionValue {
        switch value {
        case .tuple(let items), .list(let items): .list(items.map(Self.withoutTuples))
        default: value
        }
    }
}
