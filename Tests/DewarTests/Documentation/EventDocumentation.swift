// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import Sessions

/// README: docs/EVENTS.md, an audit log.
func audit(_ events: SessionEvents, to file: FileHandle) async throws {
    let encoder = JSONEncoder()
    encoder.dateEncodingStrategy = .iso8601
    for await event in events {
        try file.write(contentsOf: encoder.encode(event) + Data("\n".utf8))
    }
}

/// README: docs/EVENTS.md, an audit log.
func auditDocumentation(_ sessions: SessionManager, _ file: FileHandle) {
    let events = sessions.events
    Task { try await audit(events, to: file) }
}

/// README: docs/EVENTS.md, a replayed secret.
func theftDocumentation(_ sessions: SessionManager) async throws {
    for await event in sessions.events where event.kind == .replayed {
        if let user = event.user { try await sessions.revokeAll(user) }
    }
}
