// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dewar

/// What an operator sees of all sessions, and how to end them. Only ada may: a site asks its own list of operators.
func addOperatorPages(to app: App) {
    app.addSessionsOverview(
        at: "/admin/sessions", allowing: { session in isOperator(session.user) },
        header: { "<a href=\"\(app.url(for: "index"))\">Accounts</a>" })
}
