// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// Which part of the sessions a request is about: what stands after the question mark of the page's URL.
struct OverviewView: Equatable {
    /// A question that is asked before many sessions end.
    enum Question: String {
        case user, everybody
    }

    /// The user whose sessions are shown; nil for those of all users.
    var user: String?
    /// Where the page of the list begins; nil for the first.
    var cursor: SessionScanCursor?
    var span = ActivitySpan.hour
    var question: Question?

    /// The names of the fields, in the query and in the forms.
    enum Field {
        static let user = "user"
        static let after = "after"
        static let span = "over"
        static let question = "end"
        /// The session to end.
        static let session = "session"
        /// The user whose sessions to end.
        static let allOf = "all_of"
        /// Ends the sessions of all users.
        static let everybody = "everybody"
    }

    init(user: String? = nil, cursor: SessionScanCursor? = nil, span: ActivitySpan = .hour) {
        self.user = user
        self.cursor = cursor
        self.span = span
    }

    /// - Parameter field: Gives the value of a field of the query, or of a form; nil for a field that is not there.
    init(_ field: (String) -> String?) {
        self.user = field(Field.user).flatMap { $0.isEmpty ? nil : $0 }
        self.cursor = self.user == nil ? field(Field.after).map { SessionScanCursor($0) } : nil
        self.span = field(Field.span).flatMap(ActivitySpan.init) ?? .hour
        self.question = field(Field.question).flatMap(Question.init)
        if self.question == .user, self.user == nil { self.question = nil }
    }

    /// The first page of all sessions, with the same chart.
    var withoutSearch: OverviewView { OverviewView(span: self.span) }

    func asking(_ question: Question?) -> OverviewView {
        var view = self
        view.question = question
        return view
    }

    func showing(_ span: ActivitySpan) -> OverviewView {
        var view = self
        view.span = span
        return view
    }

    /// The list from its next page on.
    func after(_ cursor: SessionScanCursor) -> OverviewView { OverviewView(cursor: cursor, span: self.span) }

    /// The fields that are not as they would be without a query.
    var fields: [(name: String, value: String)] {
        [
            (Field.user, self.user), (Field.after, self.cursor?.description),
            (Field.span, self.span == .hour ? nil : self.span.rawValue), (Field.question, self.question?.rawValue),
        ].compactMap { field in field.1.map { (field.0, $0) } }
    }

    /// The URL of this view of the page.
    func link(to page: String) -> String {
        let query = self.fields.map { "\($0.name)=\(PercentEncoding.encode($0.value, allowing: Self.plain))" }
        return query.isEmpty ? page : "\(page)?\(query.joined(separator: "&"))"
    }

    private static let plain = PercentEncoding.Allowed()
}
