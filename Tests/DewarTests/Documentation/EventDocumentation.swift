// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import Sessions

/// README: docs/EVENTS.md, an audit log.
func audit(_ events: SessionEvents, to file: URL) async throws {
    let handle = try FileHandle(forWritingTo: file)
    try handle.seekToEnd()
    let encoder = JSONEncoder()
    encoder.dateEncodingStrategy = .iso8601
    for await event in events {
        try handle.write(contentsOf: encoder.encode(event) + Data("\n".utf8))
    }
}

/// README: docs/EVENTS.md, an audit log.
func auditDocumentation(_ sessions: SessionManager, _ file: URL) -> Task<Void, any Error> {
    let events = sessions.events
    let log = Task { try await audit(events, to: file) }
    return log
}

/// README: docs/EVENTS.md, a replayed secret.
func theftDocumentation(_ sessions: SessionManager) async throws {
    for await event in sessions.events where event.kind == .replayed {
        if let user = event.user { try await sessions.revokeAll(of: user) }
    }
}
