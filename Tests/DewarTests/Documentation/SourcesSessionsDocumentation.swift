// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import Logging
import Sessions

/// Sources: Sessions/SessionManager.swift
func managerComment(key: SecretKey, cookieFields: [String]) async throws -> SessionHeaders {
    let sessions = try SessionManager(keys: SecretKeys(key))
    let session = try await sessions.open(cookieFields)  // the values of the request's Cookie fields
    session["visits"] = 1
    let headers = try await sessions.commit(session)  // what to add to the response
    return headers
}

/// Sources: Sessions/SessionManager+Users.swift
func devicesComment(sessions: SessionManager, session: Session) async throws -> String {
    var page = ""
    for device in try await sessions.activeSessions(of: "alice", current: session) {
        let text = device.deviceLabel ?? "unknown device"
        page += device.isCurrent ? "\(text) (this one)\n" : "\(text)\n"
    }
    return page
}

/// Sources: Sessions/KeyFileWatcher.swift
func keyFileComment(path: String) throws -> Task<Void, Never> {
    let sessions = try SessionManager(keys: SecretKeys(file: path))
    let following = Task { await sessions.follow(keyFile: path) }
    return following
}

/// Sources: Sessions/Basics/SessionError.swift
func errorComment(sessions: SessionManager, session: Session) async -> (headers: SessionHeaders, status: Int) {
    let headers: SessionHeaders
    var status = 200
    do throws(SessionError) {
        headers = try await sessions.commit(session)
    } catch {
        headers = sessions.headersAfterFailure(of: session)
        status = error.kind == .storeUnavailable ? 503 : 500
    }
    return (headers, status)
}

/// Sources: Sessions/Basics/SessionLifetime.swift
func lifetimeComment() -> SessionConfiguration {
    var configuration = SessionConfiguration()
    configuration.lifetime = SessionLifetime(idle: .seconds(15 * 60), absolute: .seconds(8 * 60 * 60))
    return configuration
}

/// Sources: Sessions/Basics/PurgeSchedule.swift
func purgeScheduleComment(store: any SessionStore) -> SessionConfiguration {
    let purge = PurgeSchedule(interval: .seconds(10 * 60), batch: 1000)
    let configuration = SessionConfiguration(.stored(in: store, purge: purge))
    return configuration
}

/// Sources: Sessions/Configuration/SessionConfiguration.swift
func configurationComment() -> SessionConfiguration {
    var configuration = SessionConfiguration.flask
    configuration.cookie.sameSite = .lax
    configuration.lifetime.idle = .seconds(60 * 60)
    return configuration
}

/// Sources: Sessions/Configuration/SessionPlace.swift
func acceptedFormatsComment() -> SessionConfiguration {
    var configuration = SessionConfiguration.flask  // the name and the lifetime that the cookies have
    configuration.place = .cookies(.sealed, accepting: [.flask])
    return configuration
}

/// Sources: Sessions/Configuration/SessionPlace.swift
func placeComment(store: any SessionStore) -> SessionConfiguration {
    var configuration = SessionConfiguration(.stored(in: store, sessionLimit: .endingOldest(5)))
    configuration.lifetime = .aal3
    return configuration
}

/// Sources: Sessions/Policy/SessionPolicy.swift
func policyComment(logger: Logger) {
    logger.notice("\(SessionConfiguration.standard.policy)")
}

/// Sources: Sessions/Cookie/SessionCookie.swift
func sessionCookieComment() -> SessionConfiguration {
    var configuration = SessionConfiguration()
    configuration.cookie = SessionCookie(name: "__Secure-shop", domain: "shop.example")
    return configuration
}

/// Sources: SessionsSupport/Cookie/SetCookie.swift
func setCookieComment() throws -> String {
    let cookie = SetCookie(name: "theme", value: "dark", isHTTPOnly: true, sameSite: .lax)
    try cookie.validate()
    let line = cookie.headerValue  // theme=dark; HttpOnly; Path=/; SameSite=Lax
    return line
}

/// Sources: SessionsSupport/Text/CookieHeader.swift
func cookieHeaderComment() -> String? {
    let cookies = CookieHeader(["theme=dark; session=abc"])
    let token = cookies.first("session")  // "abc"
    return token
}

/// Sources: SessionsSupport/Text/ClearSiteData.swift
func clearSiteDataFieldComment() -> [(String, String)] {
    let fields = [(ClearSiteData.fieldName, ClearSiteData.afterSignOut.fieldValue)]
    return fields
}

/// Sources: Sessions/Cookie/SecurityHeaders.swift
func securityHeadersComment() -> SecurityHeaders {
    var headers = SecurityHeaders()
    headers.strictTransportSecurity = "max-age=63072000; includeSubDomains"
    headers.frameAncestors = nil  // any site may show the pages in a frame
    return headers
}

/// Sources: Sessions/CrossSite/CrossSitePolicy.swift
func crossSitePolicyComment() -> CrossSitePolicy {
    let policy = CrossSitePolicy(trustedOrigins: ["https://pay.example"], exemptPaths: ["/hooks/"])
    return policy
}

/// Sources: Sessions/Token/Signer.swift
func signerComment() throws -> ArraySlice<UInt8> {
    let signer = Signer(keys: "a secret", salt: "cookie-session")
    let token = signer.sign(Array("value".utf8))
    let value = try signer.unsign(token[...])
    return value
}
