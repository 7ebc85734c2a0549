// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The page between its heading and its end: numbers, search and list, chart; or a question.
struct OverviewContents {
    let lookup: SessionLookup
    let view: OverviewView
    /// The URL of the page.
    let page: String
    let operatorSession: Session
    let texts: SessionsOverview.Texts
    let now: Date

    /// The whole, with the numbers and sessions of this moment.
    func html(recorder: ActivityRecorder, ending: EverybodyEnding.Progress?) async throws -> HTML {
        let chart = ActivityChart(
            steps: recorder.steps(self.view.span, until: self.now), start: recorder.start, view: self.view,
            page: self.page, texts: self.texts, now: self.now)
        return """
            \(ending.map(self.progress))\(try await self.numbers())
            \(try await self.sessions())
            \(chart.html)
            """
    }

    // MARK: - Numbers

    private func numbers() async throws -> HTML {
        let texts = self.texts.numbers
        guard let store = self.lookup.store else {
            return self.numbers(HTML("<p>\(texts.noStore)\(self.canEndUsers ? nil : " \(texts.noEnding)")</p>"))
        }
        if let pair = self.lookup.pair { return self.numbers(await self.numbers(of: pair)) }
        let name = self.name(texts.store, store)
        guard let scannable = self.lookup.scannable else {
            return self.numbers("<dl class=\"numbers\">\n\(name)</dl>\n<p>\(texts.noScan)</p>")
        }
        return self.numbers("<dl class=\"numbers\">\n\(name)\(try await self.counts(of: scannable))</dl>")
    }

    /// During a migration: both stores are counted at once, so that it takes as long as for one.
    private func numbers(of pair: any PairedStore) async -> HTML {
        let texts = self.texts.numbers
        async let old = self.row(texts.oldStore, pair.oldStore)
        async let new = self.row(texts.newStore, pair.newStore)
        let rows = await [old, new]
        return "<p>\(texts.migration)</p>\n\(rows)<p>\(texts.noScan)</p>"
    }

    /// One of two stores. A migration goes on while one of them is out of reach, and so does the page.
    private func row(_ title: String, _ store: any SessionStore) async -> HTML {
        let texts = self.texts.numbers
        let counts: HTML
        if let scannable = store as? any ScannableSessionStore {
            counts = (try? await self.counts(of: scannable)) ?? self.number(texts.sessions, texts.unreachable)
        } else {
            counts = self.number(texts.sessions, texts.uncounted)
        }
        return "<dl class=\"numbers\">\n\(self.name(title, store))\(counts)</dl>\n"
    }

    private func counts(of store: any ScannableSessionStore) async throws -> HTML {
        let texts = self.texts.numbers
        let sessions = self.lookup.sessions
        let count = try await sessions.asking { try await SessionCount.count(in: store, clock: sessions.clock) }
        func text(_ number: Int) -> String {
            let text = self.texts.number(number)
            return count.isComplete ? text : texts.moreThan(text)
        }
        return """
            \(self.number(texts.sessions, text(count.sessions)))\(self.number(texts.signedIn, text(count.signedIn)))\
            \(self.number(texts.users, text(count.users)))
            """
    }

    private func name(_ title: String, _ store: any SessionStore) -> HTML {
        self.number(title, String(describing: type(of: store)))
    }

    private func numbers(_ body: HTML) -> HTML {
        """
        <section aria-labelledby="now">
        <h2 id="now">\(self.texts.numbers.heading)</h2>
        \(body)
        </section>
        """
    }

    private func number(_ name: String, _ value: String) -> HTML {
        "<div><dt>\(name)</dt><dd>\(value)</dd></div>\n"
    }

    // MARK: - Sessions

    /// Whether the sessions of a user can be ended, be they listed or not.
    private var canEndUsers: Bool {
        self.lookup.store != nil || self.lookup.sessions.configuration.place.endsCookies
    }

    private func sessions() async throws -> HTML {
        let list = SessionList(
            view: self.view, page: self.page, operatorSession: self.operatorSession,
            texts: self.texts, now: self.now)
        guard let store = self.lookup.store else { return self.canEndUsers ? list.unlisted : HTML() }
        if let user = self.view.user {
            return list.html(ofUser: user, try await self.lookup.sessions(of: user, in: store))
        }
        guard let scannable = self.lookup.scannable else { return list.searchAlone }
        return list.html(try await self.lookup.page(of: scannable, after: self.view.cursor))
    }

    // MARK: - Many sessions at once

    /// The question before many sessions end.
    func question(_ question: OverviewView.Question) -> HTML {
        let texts = self.texts.endings
        let field: HTML
        let text: String
        switch question {
        case .user:
            let user = self.view.user ?? ""
            let isOwn = self.operatorSession.user.map { $0.utf8.elementsEqual(user.utf8) } ?? false
            text = isOwn ? texts.askOwn : texts.askUser(user)
            field = "<input type=\"hidden\" name=\"\(OverviewView.Field.allOf)\" value=\"\(user)\">"
        case .everybody:
            text = texts.askEverybody
            field = "<input type=\"hidden\" name=\"\(OverviewView.Field.everybody)\" value=\"1\">"
        }
        let back = self.view.asking(nil)
        return """
            <h2>\(text)</h2>
            \(question == .everybody ? HTML("<p>\(texts.everybodyMeans)</p>\n") : nil)\
            <form class="question" method="post">
            \(OverviewForm(view: back, token: self.operatorSession.csrfToken).fields)\(field)
            <button>\(texts.yes)</button>
            <a class="button" href="\(back.link(to: self.page))">\(texts.no)</a>
            </form>
            """
    }

    private func progress(_ progress: EverybodyEnding.Progress) -> HTML {
        let text =
            switch progress.state {
            case .running: self.texts.endings.running
            case .done: self.texts.endings.done
            case .failed: self.texts.endings.failed
            }
        let start = self.texts.time(progress.start, self.now)
        return """
            <p class="message" role="status">\
            \(text(self.texts.number(progress.count), progress.operatorName, start))</p>

            """
    }
}

/// The fields that each form of the page has: against requests from other sites, and where to lead back to.
struct OverviewForm {
    let view: OverviewView
    let token: String

    var fields: HTML {
        let all = [(name: CrossSiteGuard.fieldName, value: self.token)] + self.view.fields
        return "\(all.map { HTML("<input type=\"hidden\" name=\"\($0.name)\" value=\"\($0.value)\">") })"
    }
}
