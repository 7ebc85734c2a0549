// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dewar

/// Where a user is signed in, and how to end it there.
func addDevicePages(to app: App) {
    app.addSignedInDevices(at: "/devices", header: { "<a href=\"\(app.url(for: "index"))\">Accounts</a>" })
}
