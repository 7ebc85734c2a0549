// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Only a cookie that the server has sent opens a session, and only a session that exists.
enum ForgeryChecks {
    static let all = [
        StoreCheck("the id of a session that has ended is not adopted", unknownID),
        StoreCheck("an altered cookie is refused before the store is asked", altered),
        StoreCheck("a cookie that was made up is refused before the store is asked", madeUp),
        StoreCheck("what is at rest opens nothing", stolenRecord),
    ]

    private static func unknownID(_ trial: StoreTrial) async throws {
        var visitor = try await trial.signedIn(trial.sessions(trial.clock()))
        let (id, planted) = (try await trial.id(of: visitor), visitor)
        try await visitor.visit { $0.destroy() }
        var victim = planted
        try await victim.visit { $0["user"] = "bob" }
        let newID = try await trial.id(of: victim)
        trial.expect(newID != nil && newID != id, "a session that begins with an unknown id gets one of its own")
        trial.expect(
            victim.cookie != planted.cookie, "a session that begins with an unknown id gets a cookie of its own")
        try await trial.expect(planted, isSignedIn: false, "the cookie with the unknown id opens nothing afterwards")
    }

    private static func altered(_ trial: StoreTrial) async throws {
        let store = CountingStore(trial.store)
        let visitor = try await trial.signedIn(trial.sessions(trial.clock(), in: store))
        let cookie = Array((visitor.cookie ?? "").utf8)
        let name = visitor.sessions.configuration.cookie.name.utf8.count + 1
        let before = store.callCount
        // Not the last digit: it has spare bits, so another digit may spell the same signature.
        for index in name..<max(cookie.count - 1, name) {
            var forged = cookie
            forged[index] = forged[index] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
            let forger = Visitor(visitor.sessions, cookie: String(decoding: forged, as: UTF8.self))
            try await trial.expect(
                forger, isSignedIn: false, "a cookie with another byte at \(index - name) opens nothing")
        }
        trial.expect(
            store.callCount == before, "the store is not asked about \(cookie.count - name - 1) altered cookies")
    }

    private static func madeUp(_ trial: StoreTrial) async throws {
        let store = CountingStore(trial.store)
        let sessions = try trial.sessions(trial.clock(), in: store)
        let id = SessionID(using: .system)
        for value in [
            "", ".", "x", "a.b", "\(id)", "\(id).\(id)", "../../etc/passwd", String(repeating: "A", count: 107),
        ] {
            let session = try await sessions.open(["\(sessions.configuration.cookie.name)=\(value)"])
            trial.expect(session.isNew && session.isEmpty, "the cookie \(value.debugDescription) opens nothing")
        }
        trial.expect(store.callCount == 0, "the store is not asked about cookies that were made up")
    }

    /// An attacker with a copy of the record makes cookies of its fields, in several spellings.
    private static func stolenRecord(_ trial: StoreTrial) async throws {
        let visitor = try await trial.signedIn(trial.sessions(trial.clock()))
        guard let id = try await trial.id(of: visitor), let record = try await trial.store.read(id, at: trial.start)
        else {
            return trial.fail("expected: a session that was stored has a record")
        }
        let signature = (visitor.cookie ?? "").split(separator: ".").last.map(String.init) ?? ""
        let hashes = [record.secretHash, record.secretHash + id.bytes, id.bytes + record.secretHash, record.contents]
        for spelling in hashes.flatMap({ [Self.base64($0), Hex.text($0)] }) + ["\(id)"] {
            for value in [spelling, "\(spelling).\(spelling)", "\(spelling).\(signature)", "\(id).\(spelling)"] {
                let thief = Visitor(visitor.sessions, cookie: "\(visitor.sessions.configuration.cookie.name)=\(value)")
                try await trial.expect(thief, isSignedIn: false, "a cookie made of what is at rest opens nothing")
            }
        }
    }

    private static func base64(_ bytes: [UInt8]) -> String {
        let digits = Data(bytes).base64EncodedString().utf8.filter { $0 != UInt8(ascii: "=") }
        let urlSafe = digits.map { digit in
            switch digit {
            case UInt8(ascii: "+"): UInt8(ascii: "-")
            case UInt8(ascii: "/"): UInt8(ascii: "_")
            default: digit
            }
        }
        return String(decoding: urlSafe, as: UTF8.self)
    }
}
