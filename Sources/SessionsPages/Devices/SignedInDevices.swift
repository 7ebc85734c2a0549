// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// The page on which users see where they are signed in, and sign out there.
///
/// `Dewar` and `SessionsHummingbird` have a method that adds it to an application: `addSignedInDevices(at:)`. With any
/// other server, answer three requests:
///
/// ```swift
/// let devices = SignedInDevices(sessions)
/// let links = PageLinks(page: "/account/devices")
/// // GET /account/devices
/// let page = try await devices.page(for: session, links: links)
/// // POST /account/devices
/// let answer = try await devices.answer({ name in form[name] }, for: session, links: links)
/// // GET /account/devices/style.css
/// let style = SignedInDevices.style
/// ```
///
/// Only a user who has signed in or authenticated again within ``freshness`` sees the page (OWASP ASVS 5.0, 7.5.2).
/// Nothing on it opens a session: its forms have ids of sessions, which are not secret, and end sessions of the signed-in
/// user alone.
///
/// It shows 50 sessions, this one among them, and says so if there are more. Which others they are is the store's choice.
/// A user has more where a script signs in again and again, unless a `sessionLimit` ends the oldest.
public struct SignedInDevices: Sendable {
    /// The sessions of the site.
    public let sessions: SessionManager
    /// How long ago the user may have proved who they are.
    public var freshness: Duration
    /// The texts.
    public var texts: Texts
    /// Makes what the site shows above the heading, such as a link back; nothing for empty markup. It is called for
    /// each page. Scripts in it do not run, and what it loads comes from the site itself.
    public var header: @Sendable () -> HTML

    /// The page for the sessions of a site.
    ///
    /// - Parameters:
    ///   - sessions: The sessions. The list needs a store; see ``page(for:links:)``.
    ///   - freshness: How long ago the user may have proved who they are.
    ///   - texts: The texts.
    ///   - header: Makes what the site shows above the heading.
    public init(
        _ sessions: SessionManager, freshness: Duration = .seconds(600), texts: Texts = Texts(),
        header: @escaping @Sendable () -> HTML = { HTML() }
    ) {
        self.sessions = sessions
        self.freshness = freshness
        self.texts = texts
        self.header = header
    }

    /// The page, with the messages that were flashed to it.
    ///
    /// Where sessions are in cookies there is no list. The page says so; with a revocation list (sealed cookies) it has
    /// the button that ends all other sessions.
    ///
    /// - Parameters:
    ///   - session: The session of the request.
    ///   - links: Where the browser finds the page and its style sheet.
    /// - Throws: `SignInRequired` for a visitor who is not signed in, or not recently; `SessionError` when the store is
    ///   out of reach.
    public func page(for session: Session, links: PageLinks) async throws -> PageResponse {
        try session.requireFresh(within: self.freshness)
        let devices = try await self.devices(of: session)
        let messages = session.flashedMessages().map { HTML("\($0.message)") }
        let layout = PageLayout(
            language: self.texts.language, direction: self.texts.isRightToLeft ? "rtl" : "ltr", title: self.texts.title,
            header: self.header(), messages: messages, style: links.style)
        let content = DeviceList(
            devices: devices, own: session.id, canEndOthers: self.canEndOthers(devices, own: session.id),
            token: session.csrfToken, now: self.sessions.clock.now(), texts: self.texts)
        return PageResponse(page: layout.document(content.html))
    }

    /// Ends the sessions that a form of the page names, and leads back to the page.
    ///
    /// A visitor who is not signed in, or not recently, is led to the page as well, which asks them to sign in. Nothing
    /// is ended then.
    ///
    /// - Parameters:
    ///   - form: Gives the value of a field of the form; nil for a field that is not there.
    ///   - session: The session of the request.
    ///   - links: Where the browser finds the page.
    /// - Throws: `CrossSiteRefusal` for a form without a good CSRF token, whatever the policy of the site is;
    ///   `SessionError` when the store is out of reach.
    public func answer(
        _ form: (String) -> String?, for session: Session, links: PageLinks
    ) async throws -> PageResponse {
        do throws(SignInRequired) {
            try session.requireFresh(within: self.freshness)
        } catch {
            return PageResponse(seeOther: links.page)
        }
        try CrossSiteGuard(CrossSitePolicy()).check(token: form(CrossSiteGuard.fieldName), in: session)
        if let name = form(DeviceList.deviceField) {
            session.flash(.string(try await self.end(name, of: session)))
        } else if form(DeviceList.othersField) != nil {
            try await self.sessions.revokeOthers(than: session)
            session.flash(.string(self.texts.othersSignedOut))
        }
        return PageResponse(seeOther: links.page)
    }

    /// The style sheet, the same for every visitor; it may be kept for an hour.
    public static let style = PageResponse(style: PageStyle.text)

    private var lookup: SessionLookup { SessionLookup(sessions: self.sessions) }

    /// The store; nil where sessions are kept in their cookies, and no list of them exists.
    private var store: (any SessionStore)? { self.sessions.configuration.place.stored?.store }

    /// Ends one of the user's sessions, and says so.
    private func end(_ name: String, of session: Session) async throws -> String {
        // It is ended only if it is the user's own, whatever the form names.
        let user = try session.requireSignedIn()
        guard let store, let id = SessionID(name), id != session.id,
            let device = try await self.lookup.session(id, in: store),
            try await self.sessions.revoke(id, of: user, by: user)
        else { return self.texts.deviceNotFound }
        return self.texts.deviceSignedOut(self.texts.name(of: device))
    }

    /// The user's sessions; nil where no list of them exists.
    private func devices(of session: Session) async throws -> UserSessions? {
        let user = try session.requireSignedIn()
        guard let store else { return nil }
        return try await self.lookup.sessions(of: user, including: session.id, in: store)
    }

    /// Whether there are, or may be, other sessions that can be ended.
    private func canEndOthers(_ devices: UserSessions?, own: SessionID?) -> Bool {
        if let devices { return devices.hasMore || devices.shown.contains { $0.id != own } }
        return self.sessions.configuration.place.endsCookies
    }
}
