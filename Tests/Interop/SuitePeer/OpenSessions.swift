// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Logging
import Sessions

/// The sessions of Flask's requests, each a session of Dewar's until its response is sent, by a number.
actor OpenSessions {
    private struct Opened {
        let manager: SessionManager
        let session: Session
        let warnings: Warnings
    }

    private var opened: [Int: Opened] = [:]
    private var count = 0

    func result(of call: PeerCall) async throws -> TypedValue? {
        if call.operation == "open" { return TypedValue(.int(try await self.open(call))) }
        guard let opened = self.opened[try call.integer("session")] else { throw PeerFailure(lacking: "session") }
        if call.operation == "commit" { return TypedValue(try await self.commit(opened, call)) }
        return try SessionCalls(call, opened.session).result()
    }

    private func open(_ call: PeerCall) async throws -> Int {
        let warnings = Warnings()
        let logger = Logger(label: "suites") { _ in warnings }
        do {
            let manager = try SessionManager(
                keys: try call.keys(), configuration: try self.configuration(call), logger: logger)
            warnings.clear()
            let session = try await manager.open(try call.optionalText("cookie").map { [$0] } ?? [])
            self.count += 1
            self.opened[self.count] = Opened(manager: manager, session: session, warnings: warnings)
            return self.count
        } catch let error as SessionError {
            throw PeerFailure(code: "session", text: error.description)
        }
    }

    /// Flask's configuration, as the application of the test has set it.
    private func configuration(_ call: PeerCall) throws -> SessionConfiguration {
        var configuration = SessionConfiguration.flask
        configuration.cookie = SessionCookie(
            name: try call.text("name"), domain: try call.optionalText("domain"), path: try call.optionalText("path"),
            isSecure: try call.flag("secure"), isHTTPOnly: try call.flag("httponly"), sameSite: try call.sameSite(),
            isPartitioned: try call.flag("partitioned"), sizeLimit: .warn(over: try call.integer("max_size")))
        configuration.lifetime = SessionLifetime(idle: .seconds(try call.integer("lifetime")))
        configuration.refresh = try call.flag("refresh") ? .permanentOnEachRequest : .never
        return configuration
    }

    /// What the response must carry: `Set-Cookie` or None, the new `Vary` or None, and what was warned of.
    private func commit(_ opened: Opened, _ call: PeerCall) async throws -> SessionValue {
        do {
            let headers = try await opened.manager.commit(opened.session)
            let present = try call.optionalText("vary").map { [$0] } ?? []
            let vary = headers.variesOnCookie ? headers.vary(addedTo: present) : nil
            return .tuple([
                headers.setCookie.map { .string($0) } ?? .null, vary.map { .string($0) } ?? .null,
                .list(opened.warnings.messages.map { .string($0) }),
            ])
        } catch let error as SessionError {
            throw PeerFailure(code: "session", text: error.description)
        }
    }
}
