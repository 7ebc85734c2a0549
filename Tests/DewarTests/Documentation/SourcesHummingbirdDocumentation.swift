// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Hummingbird
import Sessions
import SessionsHummingbird
import SessionsPostgres
import SessionsRedis

/// Sources: SessionsHummingbird/SessionMiddleware.swift
func sessionMiddlewareComment(key: SecretKey) throws {
    let sessions = try SessionManager(keys: SecretKeys(key))
    let router = Router(context: BasicSessionRequestContext.self)
    router.add(middleware: SessionMiddleware(sessions))  // before the routes that use it
    router.get("/count") { request, context in
        let count = try await context.session.update("count", default: 0) { $0 += 1 }
        return "\(count)"
    }
}

private enum SessionRequestContextComment {
    /// Sources: SessionsHummingbird/SessionMiddleware.swift
    struct AppContext: SessionRequestContext {
        var coreContext: CoreRequestContextStorage
        var sessionSlot = SessionSlot()

        init(source: Source) {
            self.coreContext = .init(source: source)
        }
    }
}

/// Sources: SessionsHummingbird/SessionMiddleware.swift
func contextSessionComment(router: Router<BasicSessionRequestContext>) {
    router.get("/") { request, context in
        let username: String? = try await context.session["username"]
        return "Logged in as \(username ?? "nobody")"
    }
}

/// Sources: SessionsHummingbird/RequireSignedIn.swift
func requireSignedInMiddlewareComment(router: Router<BasicSessionRequestContext>, sessions: SessionManager) {
    router.add(middleware: SessionMiddleware(sessions))
    let account = router.group("account").add(middleware: RequireSignedIn())
    account.get { _, context in "Hello \(try await context.session.user ?? "")" }
    router.group("password").add(middleware: RequireSignedIn(within: .seconds(600)))
        .post { _, _ in "changed" }
}

/// Sources: SessionsHummingbird/SecurityHeadersMiddleware.swift
func securityHeadersMiddlewareComment(router: Router<BasicSessionRequestContext>) {
    router.add(middleware: SecurityHeadersMiddleware())  // before all others
}

/// Sources: SessionsHummingbird/KeyFileService.swift
func keyFileServiceComment(
    path: String, router: Router<BasicSessionRequestContext>
) throws -> some ApplicationProtocol {
    let sessions = try SessionManager(keys: SecretKeys(file: path))
    let application = Application(router: router, services: [KeyFileService(sessions, keyFile: path)])
    return application
}

/// Sources: SessionsHummingbird/SessionPurgeService.swift
func purgeServiceComment(
    router: Router<BasicSessionRequestContext>, sessions: SessionManager
) -> some ApplicationProtocol {
    let application = Application(router: router, services: [SessionPurgeService(sessions)])
    return application
}

/// Sources: SessionsPostgres/PostgresStore+Service.swift
func postgresServiceComment(
    router: Router<BasicSessionRequestContext>, store: PostgresStore, sessions: SessionManager
) -> some ApplicationProtocol {
    let application = Application(router: router, services: [store, SessionPurgeService(sessions)])
    return application
}

/// Sources: SessionsRedis/RedisStore.swift
func redisServiceComment(
    router: Router<BasicSessionRequestContext>, store: RedisStore
) -> some ApplicationProtocol {
    let application = Application(router: router, services: [store])
    return application
}
