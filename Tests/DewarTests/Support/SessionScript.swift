// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Dewar
@testable import Sessions
@testable import SessionsValues

/// The operations of one request of `set_cookie_policy.json`, run on a session and compared with what Flask found.
final class SessionScript: Sendable {
    struct ViewFailure: Error {}

    private enum Outcome: Equatable {
        case value(SessionValue?)
        case failure(String)
    }

    private let request: FixtureCase
    private let session = Mutex<Session?>(nil)
    private let outcomes = Mutex<[Outcome]>([])

    init(_ request: FixtureCase) {
        self.request = request
    }

    /// Whether a change was refused because there is no secret key.
    var wasRefused: Bool { self.outcomes.withLock { $0.contains(.failure("RuntimeError")) } }

    func attach(_ session: Session) {
        self.session.withLock { $0 = session }
    }

    // MARK: - Running

    func run(_ session: Session) throws -> Response {
        for operation in self.request.list("ops") {
            let outcome = try Self.run(operation, on: session)
            let wasRefused = session.snapshot.hasRefusedChange && Self.changes.contains(operation.text("op") ?? "")
            self.outcomes.withLock { $0.append(wasRefused ? .failure("RuntimeError") : outcome) }
        }
        var response: Response = "done"
        switch self.request.text("end") {
        case "raise": throw ViewFailure()
        case "abort404": try abort(404)
        case "redirect": response = redirect("/")
        default: break
        }
        if let vary = self.request.text("response_vary") { response.headers[.vary] = vary }
        if let cookie = self.request.fields["response_cookie"] as? [String] {
            try response.setCookie(SetCookie(name: cookie[0], value: cookie[1], path: "/"))
        }
        return response
    }

    private static let changes: Set = [
        "set", "delete", "pop", "popitem", "setdefault", "update", "clear", "set_permanent", "flash",
    ]

    private static func run(_ operation: FixtureCase, on session: Session) throws -> Outcome {
        let key = operation.text("key") ?? ""
        switch operation.text("op") {
        case "get": return .value(try session[key] ?? operation.value("default") ?? .null)
        case "getitem": return session[key].map { .value($0) } ?? .failure("KeyError")
        case "contains": return .value(.bool(session.contains(key)))
        case "len": return .value(.int(session.count))
        case "truth": return .value(.bool(!session.isEmpty))
        case "keys": return .value(.list(session.keys.map(SessionValue.string)))
        case "get_permanent": return .value(session["_permanent"] ?? .bool(session.isPermanent))
        case "get_modified": return .value(.bool(session.isModified))
        case "get_new": return .value(.bool(session.isNew))
        default: return try Self.change(operation, key, on: session)
        }
    }

    private static func change(_ operation: FixtureCase, _ key: String, on session: Session) throws -> Outcome {
        switch operation.text("op") {
        case "set": session[key] = try Self.storable(operation)
        case "delete":
            guard session.pop(key) != nil else { return .failure("KeyError") }
        case "pop":
            if let value = session.pop(key) { return .value(value) }
            return operation.has("default") ? .value(try operation.value("default")) : .failure("KeyError")
        case "popitem":
            guard let (key, value) = session.popLast() else { return .failure("KeyError") }
            return .value(.tuple([.string(key), value]))
        case "setdefault": return .value(session.setDefault(key, try operation.value("value") ?? .null))
        case "update":
            let entries = operation.fields["entries"] as? [[Any]] ?? []
            session.merge(SessionDictionary(try entries.map(Self.entry)))
        case "clear": session.removeAll()
        case "set_permanent": session.isPermanent = operation.flag("value") ?? false
        case "set_modified": session.isModified = operation.flag("value") ?? false
        case "regenerate":
            // Flask-Session gives no new id to a session that holds nothing but its mark.
            if session.keys != [SessionState.permanentKey] { session.renew() }
        // An id in clear is as good as a password, and Dewar does not show it.
        case "get_sid": break
        case "flash":
            session.flash(try operation.value("message") ?? .null, category: operation.text("category") ?? "message")
        case "get_flashed": return .value(Self.flashed(operation, session))
        case "append_in": Self.unnoticed(session) { Self.append(try? operation.value("value"), to: key, in: session) }
        case "set_in":
            Self.unnoticed(session) {
                Self.set(operation.text("inner") ?? "", try? operation.value("value"), in: key, of: session)
            }
        case let other: Issue.record("unknown operation \(other ?? "?")")
        }
        return .value(nil)
    }

    /// A set cannot be put into a session in Swift; a date that has no stored form fails in the same way.
    private static func storable(_ operation: FixtureCase) throws -> SessionValue {
        do {
            return try operation.value("value") ?? .null
        } catch is TypedValue.Unrepresentable {
            return .date(.init(timeIntervalSince1970: 1e15))
        }
    }

    private static func entry(_ pair: [Any]) throws -> SessionDictionary.Element {
        let value = FixtureCase(fields: pair[1] as? [String: Any] ?? [:])
        return (key: pair[0] as? String ?? "", value: try TypedValue.read(value))
    }

    private static func flashed(_ operation: FixtureCase, _ session: Session) -> SessionValue {
        let filter = operation.fields["category_filter"] as? [String] ?? []
        let messages = session.flashedMessages(in: Set(filter))
        guard operation.flag("with_categories") == true else { return .list(messages.map(\.message)) }
        return .list(messages.map { .tuple([.string($0.category), $0.message]) })
    }

    /// Python does not notice a change inside a list. Swift does; the flag is put back to follow Flask's script.
    private static func unnoticed(_ session: Session, _ change: () -> Void) {
        let wasModified = session.isModified
        change()
        session.isModified = wasModified
    }

    private static func append(_ value: SessionValue??, to key: String, in session: Session) {
        guard case .list(let items)? = session[key], let value = value ?? nil else { return }
        session[key] = .list(items + [value])
    }

    private static func set(_ inner: String, _ value: SessionValue??, in key: String, of session: Session) {
        guard case .dictionary(var entries)? = session[key] else { return }
        entries[inner] = value ?? nil
        session[key] = .dictionary(entries)
    }

    // MARK: - Checking

    /// - Parameter form: What becomes of a value on its way through the format; the values are compared in this form.
    func check(
        _ expected: FixtureCase, comment: Comment, in form: (SessionValue) -> SessionValue = { $0 }
    ) throws {
        if expected.fields["op_results"] is [Any] {
            let outcomes = self.outcomes.withLock { $0 }
            let results = expected.list("op_results")
            #expect(outcomes.count == results.count, comment)
            let operations = self.request.list("ops").map { $0.text("op") }
            for ((outcome, result), operation) in zip(zip(outcomes, results), operations) where operation != "get_sid" {
                if let error = result.text("error") {
                    #expect(outcome == .failure(error), comment)
                } else if result.has("value") {
                    guard case .value(let value) = outcome else {
                        Issue.record("an error: \(outcome)")
                        continue
                    }
                    #expect(value.map(form) == (try result.value("value").map(form)), comment)
                }
            }
        }
        guard let session = self.session.withLock({ $0 }) else { return }
        if let accessed = expected.flag("accessed") { #expect(session.isAccessed == accessed, comment) }
        let state = session.openQuietly()
        if let modified = expected.flag("modified") { #expect(state.intent.isModified == modified, comment) }
        if let permanent = expected.flag("permanent") { #expect(state.isPermanent == permanent, comment) }
        if expected.has("stored_session") {
            let stored = try expected.object("stored_session").map(TypedValue.dictionary)
            #expect(state.values == stored, comment)
        }
    }
}
