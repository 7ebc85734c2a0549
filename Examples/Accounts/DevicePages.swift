// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dewar
import Foundation

/// How long ago the password may have been asked for, to see the devices and to end their sessions.
private let freshness = Duration.seconds(600)

/// Where a user is signed in, and how to end it there.
func addDevicePages(to app: App) {
    let list = requireFresh(within: freshness) { request in
        let note = request.session.flashedMessages().first.map { "\($0.message)" }
        let user = try request.session.requireSignedIn()
        guard let devices = try await devices(of: user, app, current: request.session) else {
            return page("Your devices", "<p>This site keeps no list: start it with a store, as --sessions memory.</p>")
        }
        let rows = devices.map { device in
            HTML(
                """
                <tr><td>\(device.deviceLabel ?? "An unknown device")<td>\(device.createdAt)<td>\(device.lastUsedAt)
                <td>\(device.isCurrent ? "this device" : endForm(device, app, request))
                """)
        }
        return page(
            "Your devices", note: note,
            """
            <table>
            <tr><th>Device<th>Signed in<th>Last used<th>
            \(rows.joined(separator: "\n"))
            </table>
            <form method="post" action="\(app.url(for: "end-others"))">\(csrf: request)
            <button>Sign out on all others</button></form>
            """)
    }
    app.get("/devices", name: "devices", handler: list)

    let end = requireFresh(within: freshness) { request in
        let user = try request.session.requireSignedIn()
        let name = try await request.form["device"]
        let devices = try await devices(of: user, app, current: request.session) ?? []
        guard let device = devices.first(where: { formName(of: $0) == name }) else { try abort(404) }
        // Only a session of this user, whatever the form says.
        try await app.sessions.revoke(device.id, of: user)
        request.session.flash("Signed out there.")
        return redirect(app.url(for: "devices"))
    }
    app.post("/devices/end", name: "end", handler: end)

    let endOthers = requireFresh(within: freshness) { request in
        let count = try await app.sessions.revokeOthers(than: request.session)
        request.session.flash("Signed out on \(count) others.")
        return redirect(app.url(for: "devices"))
    }
    app.post("/devices/end-others", name: "end-others", handler: endOthers)
}

/// The user's sessions; nil where they are kept in their cookies, where no list of them exists.
private func devices(of user: String, _ app: App, current: Session) async throws -> [ActiveSession]? {
    do throws(SessionError) {
        return try await app.sessions.activeSessions(of: user, current: current)
    } catch {
        if error.kind == .notSupported { return nil }
        throw error
    }
}

private func endForm(_ device: ActiveSession, _ app: App, _ request: Request) -> HTML {
    """
    <form method="post" action="\(app.url(for: "end"))">\(csrf: request)
    <button name="device" value="\(formName(of: device))">Sign out there</button></form>
    """
}

/// What a form calls a session: the beginning of its id, enough to tell one user's sessions apart.
private func formName(of device: ActiveSession) -> String {
    String(device.id.description.prefix(8))
}
