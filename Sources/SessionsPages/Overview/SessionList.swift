// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The search and the sessions as markup, each with a form that ends it.
struct SessionList {
    let view: OverviewView
    /// The URL of the page.
    let page: String
    let operatorSession: Session
    let texts: SessionsOverview.Texts
    let now: Date

    private var list: SessionsOverview.Texts.List { self.texts.list }

    /// A page of all sessions.
    func html(_ sessions: SessionPage) -> HTML {
        self.section(
            self.list.heading,
            """
            \(self.search)\(self.items(sessions.sessions))
            \(self.paging(to: sessions.next))\(self.link(self.list.endEverybody, to: self.view.asking(.everybody)))
            """)
    }

    /// The sessions of one user.
    func html(ofUser user: String, _ sessions: UserSessions) -> HTML {
        let shown = sessions.shown
        let some = sessions.hasMore ? HTML("<p>\(self.list.some(self.texts.number(shown.count)))</p>\n") : HTML()
        return self.section(
            self.list.headingOfUser(user),
            """
            \(self.search)\(some)\(self.items(shown))
            \(shown.isEmpty ? HTML() : self.link(self.list.endUser(user), to: self.view.asking(.user)))\
            \(self.link(self.list.showAll, to: self.view.withoutSearch))
            """)
    }

    /// A store that lists the sessions of a user alone.
    var searchAlone: HTML { self.section(self.list.heading, self.search) }

    /// A site that does not know its sessions, and can end those of a user.
    var unlisted: HTML {
        let ask = "<input type=\"hidden\" name=\"\(OverviewView.Field.question)\" value=\"user\">" as HTML
        return self.section(self.list.heading, self.form(ask, button: self.list.endNamedUser, isDanger: true))
    }

    private func section(_ heading: String, _ body: HTML) -> HTML {
        """
        <section aria-labelledby="list">
        <h2 id="list">\(heading)</h2>
        \(body)
        </section>
        """
    }

    // MARK: - Search and links

    private var search: HTML { self.form(HTML(), button: self.list.find, isDanger: false) }

    private func form(_ fields: HTML, button: String, isDanger: Bool) -> HTML {
        let kept = self.view.withoutSearch.fields.map {
            HTML("<input type=\"hidden\" name=\"\($0.name)\" value=\"\($0.value)\">")
        }
        return """
            <form class="search" method="get" role="search">\(kept)\(fields)
            <label for="user">\(self.list.user)</label>
            <input id="user" name="\(OverviewView.Field.user)" value="\(self.view.user ?? "")" autocomplete="off" \
            autocapitalize="none" spellcheck="false">
            <button\(isDanger ? nil : HTML(" class=\"plain\""))>\(button)</button>
            </form>

            """
    }

    private func paging(to next: SessionScanCursor?) -> HTML {
        let first = self.view.cursor == nil ? HTML() : self.link(self.list.first, to: self.view.withoutSearch)
        return first + (next.map { self.link(self.list.next, to: self.view.after($0)) } ?? HTML())
    }

    private func link(_ text: String, to view: OverviewView) -> HTML {
        "<a class=\"button\(view.question == nil ? "" : " danger")\" href=\"\(view.link(to: self.page))\">\(text)</a>\n"
    }

    // MARK: - Sessions

    private func items(_ sessions: [SessionSummary]) -> HTML {
        guard !sessions.isEmpty else { return "<p>\(self.list.none)</p>" }
        let form = OverviewForm(view: self.view, token: self.operatorSession.csrfToken).fields
        let own = self.operatorSession.id
        return "<ul class=\"devices\" role=\"list\">\n\(sessions.map { self.item($0, isOwn: $0.id == own, form) })</ul>"
    }

    private func item(_ session: SessionSummary, isOwn: Bool, _ form: HTML) -> HTML {
        """
        <li\(isOwn ? HTML(" class=\"current\"") : nil)>
        <div class="device">
        <h3>\(session.user.map { HTML("<bdi>\($0)</bdi>") } ?? escape(self.list.noUser))</h3>
        \(isOwn ? HTML("<p class=\"here\">\(self.list.thisSession)</p>\n") : nil)\
        <p class="what">\(session.deviceLabel ?? self.list.unknownDevice)</p>
        <dl id="about-\(session.id)">
        <div><dt>\(self.list.began)</dt> <dd>\(self.time(session.createdAt))</dd></div>
        <div><dt>\(self.list.lastUsed)</dt> <dd>\(self.time(session.lastUsedAt))</dd></div>
        <div><dt>\(self.list.id)</dt> <dd><code>\(session.id)</code></dd></div>
        </dl>
        </div>
        \(isOwn ? nil : self.button(session, form))</li>

        """
    }

    private func button(_ session: SessionSummary, _ form: HTML) -> HTML {
        """
        <form method="post">\(form)
        <button name="\(OverviewView.Field.session)" value="\(session.id)" aria-describedby="about-\(session.id)" \
        aria-label="\(self.list.endSession(session.user, session.deviceLabel))">\(self.list.end)</button>
        </form>

        """
    }

    private func time(_ date: Date) -> HTML {
        let text = self.texts.time(date, self.now)
        guard let machine = ReadableTime.machine(date) else { return escape(text) }
        return "<time datetime=\"\(machine)\">\(text)</time>"
    }
}
