// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

extension App {
    /// Adds the page on which users see where they are signed in, and sign out there.
    ///
    /// ```swift
    /// app.signInRoute = "sign-in"
    /// app.reauthenticationRoute = "again"
    /// app.addSignedInDevices(at: "/account/devices")
    /// let link = app.url(for: "devices")  // /account/devices
    /// ```
    ///
    /// It shows each of the user's sessions, with a button to end it, and one to end all others; `SignedInDevices` says
    /// more. A visitor who is not signed in is sent to ``signInRoute``, one whose sign-in is too old to
    /// ``reauthenticationRoute``. The list needs a store.
    ///
    /// - Parameters:
    ///   - path: The path of the page. Its style sheet is at `style.css` under it.
    ///   - name: The route's name; that of the style sheet is `devices.style`, with this name in front.
    ///   - freshness: How long ago the user may have proved who they are.
    ///   - texts: The texts, in English unless they are replaced.
    ///   - header: Makes what the site shows above the heading, such as a link back with `url(for:)`.
    public func addSignedInDevices(
        at path: String, name: String = "devices", freshness: Duration = .seconds(600),
        texts: SignedInDevices.Texts = SignedInDevices.Texts(), header: @escaping @Sendable () -> HTML = { HTML() }
    ) {
        // Settings without which there are no sessions prevent the start.
        guard let sessions = try? self.sessions else { return }
        let devices = SignedInDevices(sessions, freshness: freshness, texts: texts, header: header)
        let stylePath = PageLinks(page: path).style
        self.get(path, name: name) { request in
            Response(try await devices.page(for: request.session, links: request.pageLinks))
        }
        self.post(path, name: name) { request in
            let form = try await request.form
            return Response(try await devices.answer({ form.get($0) }, for: request.session, links: request.pageLinks))
        }
        self.get(stylePath, name: "\(name).style", usesSession: false) { _ in Response(SignedInDevices.style) }
    }
}
