// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

extension SessionsOverview {
    /// The texts of the page, in English unless they are replaced.
    ///
    /// ```swift
    /// var texts = SessionsOverview.Texts()
    /// texts.language = "de"
    /// texts.title = "Sitzungen"
    /// texts.list.end = "Beenden"
    /// texts.list.endUser = { user in "Alle Sitzungen von \(user) beenden" }
    /// ```
    ///
    /// All of them are plain text, which the page escapes.
    public struct Texts: Sendable {
        /// The language of the texts, as HTML's `lang` takes it (BCP 47).
        public var language = "en"
        /// Whether the language is written from right to left.
        public var isRightToLeft = false
        /// The title of the window and the first heading.
        public var title = "Sessions"
        /// The numbers, and what stands in their place where there are none.
        public var numbers = Numbers()
        /// The search and the list.
        public var list = List()
        /// The chart and its table.
        public var activity = Activity()
        /// The questions before many sessions end, and what is said after an ending.
        public var endings = Endings()
        /// A number, such as "12,345".
        public var number: @Sendable (_ number: Int) -> String = { ReadableNumber.english($0) }
        /// A time for people, such as "5 minutes ago".
        public var time: @Sendable (_ date: Date, _ now: Date) -> String = { ReadableTime.english($0, now: $1) }
        /// A time of day, such as "20:58".
        public var clockTime: @Sendable (_ date: Date) -> String = { ReadableTime.clock($0) }

        /// The English texts.
        public init() {}
    }
}

extension SessionsOverview.Texts {
    /// The numbers of this moment.
    public struct Numbers: Sendable {
        /// The heading.
        public var heading = "Now"
        /// What the store is called.
        public var store = "Store"
        /// What the store is called from which sessions migrate.
        public var oldStore = "Old store"
        /// What the store is called to which sessions migrate.
        public var newStore = "New store"
        /// Says that there are two stores.
        public var migration =
            """
            Sessions are on their way from the old store to the new one. Each lives in one of the two and is counted \
            there; its copy in the other one is not.
            """
        /// Stands in the place of a number where one of two stores cannot list its sessions.
        public var uncounted = "cannot be counted"
        /// Stands in the place of a number where one of two stores has failed.
        public var unreachable = "not known: the store failed"
        /// What the number of live sessions is called.
        public var sessions = "Live sessions"
        /// What the number of sessions with a user is called.
        public var signedIn = "Signed-in sessions"
        /// What the number of different users is called.
        public var users = "Signed-in users"
        /// A number at which the counting stopped, as it stands in the place of a number.
        public var moreThan: @Sendable (_ number: String) -> String = { "more than \($0)" }
        /// Stands in the place of the numbers where sessions are not in a store of this application.
        public var noStore =
            """
            This site keeps no sessions in a store: they are in their cookies, or shared with another application. \
            They cannot be counted or listed here.
            """
        /// Stands in the place of the numbers where the store cannot list its sessions.
        public var noScan =
            """
            This site's store cannot list its sessions, so that they cannot be counted. A search finds those of one \
            user.
            """
        /// Is added where no session can be ended from outside.
        public var noEnding = "Nor can they be ended here."
    }

    /// The search and the list of sessions.
    public struct List: Sendable {
        /// The heading of all sessions.
        public var heading = "All sessions"
        /// The heading of one user's.
        public var headingOfUser: @Sendable (_ user: String) -> String = { "Sessions of \($0)" }
        /// The label of the field for a user's name.
        public var user = "User"
        /// The button that begins the search.
        public var find = "Find"
        /// The link from one user's sessions to all.
        public var showAll = "Show all sessions"
        /// The link to the next page.
        public var next = "Next page"
        /// The link to the first page.
        public var first = "First page"
        /// Stands in the place of an empty list.
        public var none = "There are no sessions here."
        /// Says how many of a user's sessions are shown, where the user has more. The store chooses which, and the
        /// others are not counted.
        public var some: @Sendable (_ shown: String) -> String = {
            "\($0) sessions of this user are shown. There are more, and some of those may have been used later."
        }
        /// A session in which no user is signed in.
        public var noUser = "No user"
        /// A device that has sent no name.
        public var unknownDevice = "Unknown device"
        /// Marks the session in which the page is shown.
        public var thisSession = "This session"
        /// What the time of the beginning, or of the last sign-in or step-up, is called.
        public var began = "Began"
        /// What the time of the last use is called.
        public var lastUsed = "Last used"
        /// What the session's id is called.
        public var id = "Session"
        /// The button that ends one session, as it is seen.
        public var end = "End"
        /// The same button, as a screen reader says it. Let it begin with ``end`` (WCAG 2.2, 2.5.3).
        public var endSession: @Sendable (_ user: String?, _ device: String?) -> String = { user, device in
            "End the session of \(user ?? "no user"), \(device ?? "unknown device")"
        }
        /// The link to the question before all sessions of a user end.
        public var endUser: @Sendable (_ user: String) -> String = { "End all sessions of \($0)" }
        /// The same at a site that does not know its sessions, where the user is a field of a form.
        public var endNamedUser = "End all sessions of this user"
        /// The link to the question before the sessions of all users end.
        public var endEverybody = "End all sessions but this one"
    }

    /// The chart of what happened, and its table.
    public struct Activity: Sendable {
        /// The heading.
        public var heading = "What happened"
        /// The link to the last hour.
        public var lastHour = "Last hour"
        /// The link to the last day.
        public var lastDay = "Last 24 hours"
        /// The sign-ins.
        public var signIns = "Sign-ins"
        /// The sessions that a request or an operator ended.
        public var endings = "Sessions ended"
        /// The cookies that opened no session.
        public var refusals = "Cookies refused"
        /// The column of the times at which the steps of the chart begin.
        public var from = "From (UTC)"
        /// Says what one of the charts shows: the sum, and the number of the highest bar.
        public var summary: @Sendable (_ sum: String, _ most: String) -> String = {
            "\($0) in all, the highest bar is \($1)"
        }
        /// Says since when, and by which process, is counted.
        public var since: @Sendable (_ time: String) -> String = {
            "Counted by this server process alone, which began to count \($0)."
        }
        /// Says how many events were not counted.
        public var missed: @Sendable (_ count: String) -> String = { "\($0) events came too fast to be counted." }
    }

    /// Questions before many sessions end, and messages after an ending.
    public struct Endings: Sendable {
        /// The question before all sessions of a user end.
        public var askUser: @Sendable (_ user: String) -> String = { "End all sessions of \($0)?" }
        /// The same for the operator's own, of which this one stays.
        public var askOwn = "End all of your own sessions but this one?"
        /// The question before the sessions of all users end.
        public var askEverybody = "End the sessions of all users but this one?"
        /// What that means.
        public var everybodyMeans =
            """
            All users have to sign in again, and what is kept in sessions without a user is lost. The server does it \
            in the background, and this page shows how far it has come.
            """
        /// The button that answers yes.
        public var yes = "End them"
        /// The link that answers no.
        public var no = "Cancel"
        /// The message after the end of one session.
        public var endedSession: @Sendable (_ user: String?, _ device: String?) -> String = { user, device in
            "Ended: the session of \(user ?? "no user"), \(device ?? "unknown device")."
        }
        /// The message where that session had ended before.
        public var notFound = "That session had ended already."
        /// The message where it is the operator's own.
        public var isOwn = "That is the session in which you are. Sign out to end it."
        /// The message after the end of a user's sessions, and how many they were where that is known.
        public var endedUser: @Sendable (_ user: String, _ count: String?) -> String = { user, count in
            count.map { "Ended: sessions of \(user), \($0) in number." } ?? "Ended: all sessions of \(user)."
        }
        /// The message where no session can be ended.
        public var notSupported = "Sessions that are kept as on this site cannot be ended here."
        /// Shows how far the ending of all sessions has come.
        public var running: @Sendable (_ count: String, _ operatorName: String, _ start: String) -> String = {
            "All sessions are being ended: \($0) so far (\($1), begun \($2)). Load this page again to see more."
        }
        /// The same when it is done.
        public var done: @Sendable (_ count: String, _ operatorName: String, _ start: String) -> String = {
            "All other sessions have been ended: \($0) (\($1), \($2))."
        }
        /// The same when it has stopped half-way.
        public var failed: @Sendable (_ count: String, _ operatorName: String, _ start: String) -> String = {
            "The ending of all sessions stopped after \($0), because the store failed (\($1), \($2)). Begin it again."
        }
    }
}
