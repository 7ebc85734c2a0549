// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dewar

/// README: docs/USERS.md, a page of the devices.
func devicesPageDocumentation(app: App) {
    app.signInRoute = "sign-in"
    app.reauthenticationRoute = "again"
    app.addSignedInDevices(at: "/account/devices", header: { "<a href=\"\(app.url(for: "index"))\">Shop</a>" })
}

/// README: docs/USERS.md, a page of the devices. Sources: SessionsPages/Devices/SignedInDevicesTexts.swift
func devicesTextsDocumentation() -> SignedInDevices.Texts {
    var texts = SignedInDevices.Texts()
    texts.language = "de"
    texts.title = "Wo Sie angemeldet sind"
    texts.signOut = "Abmelden"
    texts.signOutDevice = { device in "Abmelden: \(device)" }
    return texts
}

/// Sources: Dewar/SignIn/App+SignedInDevices.swift
func addSignedInDevicesComment(app: App) -> String {
    app.signInRoute = "sign-in"
    app.reauthenticationRoute = "again"
    app.addSignedInDevices(at: "/account/devices")
    let link = app.url(for: "devices")  // /account/devices
    return link
}

/// Sources: SessionsPages/SessionsPages.docc
func pagesCatalog(app: App) {
    app.addSignedInDevices(at: "/account/devices")
}

/// Sources: SessionsPages/Devices/SignedInDevices.swift
func signedInDevicesComment(
    sessions: SessionManager, session: Session, form: [String: String]
) async throws -> [PageResponse] {
    let devices = SignedInDevices(sessions)
    let links = PageLinks(page: "/account/devices")
    // GET /account/devices
    let page = try await devices.page(for: session, links: links)
    // POST /account/devices
    let answer = try await devices.answer({ name in form[name] }, for: session, links: links)
    // GET /account/devices/style.css
    let style = SignedInDevices.style
    return [page, answer, style]
}

/// Sources: SessionsPages/Layout/PageResponse.swift
func pageResponseComment(
    devices: SignedInDevices, session: Session,
    send: (HTTPResponse.Status, HTTPFields, [UInt8]) -> Void
) async throws {
    let answer = try await devices.page(for: session, links: PageLinks(page: "/devices"))
    send(answer.status, answer.headers, answer.body)
}
