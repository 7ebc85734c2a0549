// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dewar

/// README: docs/OPERATING.md, the page.
func overviewDocumentation(app: App) {
    app.signInRoute = "sign-in"
    app.reauthenticationRoute = "again"
    app.addSessionsOverview(
        at: "/admin/sessions", allowing: { session in session.user == "ada" },
        header: { "<a href=\"\(app.url(for: "index"))\">Shop</a>" })
}

/// README: docs/OPERATING.md, the texts. Sources: SessionsPages/Overview/SessionsOverviewTexts.swift
func overviewTextsDocumentation() -> SessionsOverview.Texts {
    var texts = SessionsOverview.Texts()
    texts.language = "de"
    texts.title = "Sitzungen"
    texts.list.end = "Beenden"
    texts.list.endUser = { user in "Alle Sitzungen von \(user) beenden" }
    return texts
}

/// Sources: Dewar/SignIn/App+SessionsOverview.swift, SessionsPages/SessionsPages.docc
func addSessionsOverviewComment(app: App) -> String {
    app.signInRoute = "sign-in"
    app.reauthenticationRoute = "again"
    app.addSessionsOverview(at: "/admin/sessions", allowing: { session in session.user == "ada" })
    let link = app.url(for: "sessions")  // /admin/sessions
    return link
}

/// Sources: SessionsPages/Overview/SessionsOverview.swift
func sessionsOverviewComment(
    sessions: SessionManager, session: Session, query: [String: String], form: [String: String]
) async throws -> [PageResponse] {
    let overview = SessionsOverview(sessions, allowing: { session in session.user == "ada" })
    let links = PageLinks(page: "/admin/sessions")
    // GET /admin/sessions
    let page = try await overview.page({ name in query[name] }, for: session, links: links)
    // POST /admin/sessions
    let answer = try await overview.answer({ name in form[name] }, for: session, links: links)
    // GET /admin/sessions/style.css
    let style = SessionsOverview.style
    return [page, answer, style]
}

/// Sources: SessionsPages/Overview/PageForbidden.swift
func pageForbiddenComment(
    overview: SessionsOverview, session: Session, query: [String: String], links: PageLinks
) async throws -> (PageResponse?, Int) {
    var page: PageResponse?
    var status = 200
    do {
        page = try await overview.page({ name in query[name] }, for: session, links: links)
    } catch is PageForbidden {
        status = 403
    }
    return (page, status)
}

/// README: docs/OPERATING.md, endings by code of your own.
func actorDocumentation(sessions: SessionManager, session: Session) async throws {
    let administrator = try session.requireSignedIn()
    try await sessions.revokeAll(of: "grace", by: administrator)
}
