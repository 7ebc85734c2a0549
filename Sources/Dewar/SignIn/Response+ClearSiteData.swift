// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

public import Sessions
import SessionsHummingbird

extension Response {
    /// Asks the browser to forget what it keeps of the site, after a sign-out.
    ///
    /// ```swift
    /// app.post("/sign-out") { request in
    ///     request.session.signOut()
    ///     var response = redirect(app.url(for: "index"))
    ///     response.clearSiteData()
    ///     return response
    /// }
    /// ```
    ///
    /// `ClearSiteData` says what browsers make of it.
    public mutating func clearSiteData(_ kinds: ClearSiteData = .afterSignOut) {
        self.headers.clearSiteData(kinds)
    }
}
