// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Hummingbird
import Sessions
import SessionsHummingbird
import SessionsPages

/// README: docs/USERS.md, a page of the devices. Sources: SessionsHummingbird/RouterMethods+SignedInDevices.swift, and
/// SessionsPages/SessionsPages.docc
func devicesPageHummingbirdDocumentation(
    router: Router<BasicSessionRequestContext>, sessions: SessionManager
) {
    router.add(middleware: SessionMiddleware(sessions))
    router.addSignedInDevices(SignedInDevices(sessions), at: "account/devices")
}

/// README: docs/OPERATING.md, the page. Sources: SessionsHummingbird/RouterMethods+SessionsOverview.swift
func overviewHummingbirdDocumentation(router: Router<BasicSessionRequestContext>, sessions: SessionManager) {
    router.add(middleware: SessionMiddleware(sessions))
    let overview = SessionsOverview(sessions, allowing: { session in session.user == "ada" })
    router.addSessionsOverview(overview, at: "admin/sessions")
}
