// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import Logging
import Sessions
import SessionsTesting
import TestSupport
import Testing

/// `cookies.json`: what a Flask application writes for a session, and what it makes of a cookie.
@Suite struct CookieVectorTests {
    @Test func aNewSessionIsWrittenAsFlaskWritesIt() async throws {
        for test in try Fixtures.cases("cookies", "write") {
            let log = LogRecorder()
            let manager = try Self.manager(test, now: Self.time(test))
            let session = try await manager.open([])
            session.merge(try #require(try test.object("session").map(TypedValue.dictionary)))
            let headers = try await manager.commit(session, logger: log.logger)
            #expect(headers.setCookie == test.text("set_cookie"), "\(test.name)")
            #expect(headers.variesOnCookie == test.has("vary"), "\(test.name)")
            #expect((log.warnings > 0) == test.flag("too_large_warning"), "\(test.name)")
        }
    }

    @Test func aCookieIsReadAsFlaskReadsIt() async throws {
        for test in try Fixtures.cases("cookies", "read") {
            let now = Date(timeIntervalSince1970: Double(test.number("now") ?? 0))
            let manager = try Self.manager(test, now: now)
            let header = String(decoding: test.bytes("cookie_header") ?? [], as: UTF8.self)
            let session = try await manager.open([header])
            if test.text("outcome") != "loaded", CookieHeader([header]).all("session").count > 1 {
                // A departure: a bad cookie does not hide a good one that follows.
                #expect(session.entries == ["username": "admin"], "\(test.name)")
                continue
            }
            // A departure: where Flask answers 500 to a well signed cookie that it cannot read, Dewar starts anew.
            let expected = test.text("outcome") == "loaded" ? test.object("session") : nil
            #expect(session.entries == (try expected.map(TypedValue.dictionary) ?? [:]), "\(test.name)")
            let headers = try await manager.commit(session)
            #expect((headers.setCookie != nil) == (test.flag("set_cookie_sent") ?? false), "\(test.name)")
        }
    }

    @Test func whatFlaskCannotSaveIsRefusedBeforeOrAtTheCommit() async throws {
        for test in try Fixtures.cases("cookies", "errors") {
            await #expect(throws: (any Error).self, "\(test.name)") {
                let manager = try Self.manager(test, now: Date(timeIntervalSince1970: Double(test.number("now") ?? 0)))
                let session = try await manager.open([])
                session.merge(try #require(try test.object("session").map(TypedValue.dictionary)))
                _ = try await manager.commit(session)
            }
        }
    }

    private static func manager(_ test: FixtureCase, now: Date) throws -> SessionManager {
        try SessionManager(
            keys: test.keys, configuration: SessionConfiguration(flaskSettings: test.object("config")),
            clock: ManualClock(now).sessionClock, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    private static func time(_ test: FixtureCase) -> Date {
        let now = test.object("now")
        return Date(
            timeIntervalSince1970: Double(now?.number("seconds") ?? 0) + Double(now?.number("microseconds") ?? 0) / 1e6)
    }
}
