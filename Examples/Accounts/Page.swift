// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dewar

/// A page of the site; the note is what just happened.
func page(_ request: Request, _ title: String, note: String? = nil, _ body: HTML) -> Response {
    """
    <!doctype html>
    <html lang="en">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>\(title)</title>
    <style \(nonce: request)>body { font: 1.1em/1.6 system-ui; margin: 1em } button, input { font: inherit }</style>
    <main>
    <h1>\(title)</h1>
    \(note.map { HTML("<p role=\"status\"><em>\($0)</em></p>\n") })\(body)
    </main>
    """
}
