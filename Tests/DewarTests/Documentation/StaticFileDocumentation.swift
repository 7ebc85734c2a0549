// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dewar

/// README: docs/SERVER.md, static files.
func staticFileDocumentation(_ app: App) {
    app.staticFiles("static")
    app.staticFiles("dist", at: "/assets", name: "assets", cacheControl: "public, max-age=31536000, immutable")
}

/// README: docs/SERVER.md, static files that browsers keep
func fingerprintDocumentation(app: App) {
    app.staticFiles("static", fingerprints: true)
    let url = app.url(for: "static", ["filename": "style.css"])  // /static/style.css?v=R2-0bXkSPoQz
    print(url)
}
