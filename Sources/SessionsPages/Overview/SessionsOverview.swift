// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Logging

/// The operator's page: how many sessions there are, what happens to them, whose they are, and buttons that end them.
///
/// `Dewar` and `SessionsHummingbird` have a method that adds it to an application: `addSessionsOverview`. With any
/// other server, answer three requests:
///
/// ```swift
/// let overview = SessionsOverview(sessions, allowing: { session in session.user == "ada" })
/// let links = PageLinks(page: "/admin/sessions")
/// // GET /admin/sessions
/// let page = try await overview.page({ name in query[name] }, for: session, links: links)
/// // POST /admin/sessions
/// let answer = try await overview.answer({ name in form[name] }, for: session, links: links)
/// // GET /admin/sessions/style.css
/// let style = SessionsOverview.style
/// ```
///
/// Who may see it has no default: without `allowing` the program does not compile. A user who may must also have
/// signed in or authenticated again within ``freshness``. Nothing on the page opens a session: ids of sessions are no
/// secrets. Each ending is an event with the operator's name, `SessionEvent.actor`.
///
/// Make one for each manager and keep it: it counts what happens from then on.
public struct SessionsOverview: Sendable {
    /// The sessions of the site.
    public let sessions: SessionManager
    /// How long ago the operator may have proved who they are.
    public var freshness: Duration
    /// The texts.
    public var texts: Texts
    /// Makes what the site shows above the heading, such as a link back; nothing for empty markup.
    public var header: @Sendable () -> HTML
    private let isAllowed: @Sendable (Session) async throws -> Bool
    private let recorder: ActivityRecorder
    private let everybody: EverybodyEnding

    /// The page for the sessions of a site.
    ///
    /// - Parameters:
    ///   - sessions: The sessions. The list needs a store; see ``page(_:for:links:)``.
    ///   - isAllowed: Says whether the user of this session may see and end the sessions of all users. It is called at
    ///     every request for the page, and only with a session in which a user is signed in.
    ///   - freshness: How long ago the operator may have proved who they are.
    ///   - texts: The texts.
    ///   - header: Makes what the site shows above the heading.
    public init(
        _ sessions: SessionManager, allowing isAllowed: @escaping @Sendable (Session) async throws -> Bool,
        freshness: Duration = .seconds(600), texts: Texts = Texts(),
        header: @escaping @Sendable () -> HTML = { HTML() }
    ) {
        self.sessions = sessions
        self.freshness = freshness
        self.texts = texts
        self.header = header
        self.isAllowed = isAllowed
        self.recorder = ActivityRecorder(sessions)
        self.everybody = EverybodyEnding(sessions)
    }

    /// The page, with the messages that were flashed to it.
    ///
    /// A store that is no `ScannableSessionStore` cannot list its sessions, and a site without a store has no list: the
    /// page says so, and shows what it can.
    ///
    /// - Parameters:
    ///   - query: Gives the value of a field of the URL's query; nil for a field that is not there.
    ///   - session: The session of the request.
    ///   - links: Where the browser finds the page and its style sheet.
    /// - Throws: `SignInRequired` for a visitor who is not signed in, or not recently; ``PageForbidden`` for a user who
    ///   may not see it; `SessionError` when the store is out of reach; what `allowing` throws.
    public func page(
        _ query: (String) -> String?, for session: Session, links: PageLinks
    ) async throws -> PageResponse {
        let view = OverviewView(query)
        try await self.checkAllowed(session)
        try session.requireFresh(within: self.freshness)
        let contents = OverviewContents(
            lookup: self.lookup, view: view, page: links.page, operatorSession: session, texts: self.texts,
            now: self.sessions.clock.now())
        let html =
            if let question = view.question {
                contents.question(question)
            } else {
                try await contents.html(recorder: self.recorder, ending: self.everybody.progress)
            }
        let messages = session.flashedMessages().map { HTML("\($0.message)") }
        let layout = PageLayout(
            language: self.texts.language, direction: self.texts.isRightToLeft ? "rtl" : "ltr", title: self.texts.title,
            header: self.header(), messages: messages, style: links.style)
        return PageResponse(page: layout.document(html))
    }

    /// Ends the sessions that a form of the page names, and leads back to the page.
    ///
    /// An operator whose sign-in is too old is led to the page as well, which asks for it. Nothing is ended then.
    ///
    /// - Parameters:
    ///   - form: Gives the value of a field of the form; nil for a field that is not there.
    ///   - session: The session of the request.
    ///   - links: Where the browser finds the page.
    /// - Throws: ``PageForbidden`` for a user who may not see the page; `CrossSiteRefusal` for a form without a good
    ///   CSRF token, whatever the policy of the site is; `SessionError` when the store is out of reach; what `allowing`
    ///   throws.
    public func answer(
        _ form: (String) -> String?, for session: Session, links: PageLinks
    ) async throws -> PageResponse {
        let view = OverviewView(form)
        let action = OverviewAction(form)
        let token = form(CrossSiteGuard.fieldName)
        let location = view.asking(nil).link(to: links.page)
        do {
            try await self.checkAllowed(session)
            try session.requireFresh(within: self.freshness)
        } catch is SignInRequired {
            return PageResponse(seeOther: location)
        }
        try CrossSiteGuard(CrossSitePolicy()).check(token: token, in: session)
        if let action {
            let ending = OverviewEnding(
                lookup: self.lookup, everybody: self.everybody, operatorSession: session, texts: self.texts)
            if let message = try await ending.perform(action) { session.flash(.string(message)) }
        }
        return PageResponse(seeOther: location)
    }

    /// The style sheet, the same for every visitor; it may be kept for an hour.
    public static let style = PageResponse(style: PageStyle.text + OverviewStyle.text)

    private var lookup: SessionLookup { SessionLookup(sessions: self.sessions) }

    /// Permission comes before the step-up: a user who may not see the page is not asked for a password in vain.
    private func checkAllowed(_ session: Session) async throws {
        let user = try session.requireSignedIn()
        guard try await self.isAllowed(session) else {
            self.sessions.logger.notice(
                "a user who may not see the operator's page asked for it",
                metadata: ["session.user": "\(user.quoted)"])
            throw PageForbidden()
        }
    }
}
