// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dewar
import SessionsFlask
import SessionsRedis

/// README: docs/SHARING.md, sharing cookies with a Flask site.
func flaskKeysDocumentation() -> App {
    let app = App(
        secretKey: SecretKey(bytes: Array("_5#y2L\"F4Q8z\n".utf8) + [0xEC, 0x5D, 0x2F]),
        secretKeyFallbacks: ["the key before this one"],
        sessions: .flask)
    return app
}

/// README: docs/SHARING.md, sharing cookies with a Flask site, with settings that differ.
func flaskSettingsDocumentation() -> SessionConfiguration {
    var sessions = SessionConfiguration.flask
    sessions.cookie.name = "shop"
    sessions.cookie.sameSite = .lax
    sessions.lifetime.idle = .seconds(7 * 24 * 60 * 60)
    return sessions
}

/// README: docs/SHARING.md, taking a Flask site's cookies over.
func flaskTakeoverDocumentation() -> SessionConfiguration {
    var sessions = SessionConfiguration.flask
    sessions.place = .cookies(.sealed, accepting: [.flask])
    return sessions
}

/// docs/FLASK.md: sharing the records of Flask-Session.
func flaskSessionSettingsDocumentation() throws -> App {
    let redis = try RedisFlaskSessions(url: "redis://app:secret@cache.internal:6379/0")
    var sessions = SessionConfiguration.flaskSession(in: redis)
    sessions.flaskSession?.keyPrefix = "shop:"
    sessions.cookie.name = "shop"
    sessions.lifetime.idle = .seconds(7 * 24 * 60 * 60)
    let app = App(sessions: sessions)
    return app
}
