// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dewar
import Hummingbird
import Sessions
import SessionsHummingbird

/// README: docs/KEYS.md, a file of keys.
func keyFileDocumentation() -> App {
    let app = App(keyFile: "/etc/shop/keys")
    return app
}

/// README: docs/KEYS.md, a file of keys that a container mounts.
func mountedKeyFileDocumentation() -> App {
    let app = App(keyFile: "/run/secrets/keys", keyFileAccess: .readableByOthers)
    return app
}

/// README: docs/KEYS.md, a file of keys anywhere else.
func keyFileManagerDocumentation() throws -> SessionManager {
    let sessions = try SessionManager(keys: SecretKeys(file: "/etc/shop/keys"))
    return sessions
}

/// README: docs/KEYS.md, following the file in Hummingbird.
func keyFileServiceDocumentation(
    router: Router<BasicSessionRequestContext>, sessions: SessionManager
) -> some ApplicationProtocol {
    let application = Application(
        router: router, services: [KeyFileService(sessions, keyFile: "/etc/shop/keys")])
    return application
}

/// README: docs/KEYS.md, following the file in any other server.
func keyReloadDocumentation(sessions: SessionManager, new: SecretKey, old: SecretKey) throws -> Task<Void, Never> {
    let following = Task { await sessions.follow(keyFile: "/etc/shop/keys") }
    try sessions.reload(keys: SecretKeys(new, fallbacks: [old]))
    return following
}
