// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dewar

/// A page of the site; the note is what just happened.
func page(_ title: String, note: String? = nil, _ body: HTML) -> Response {
    """
    <!doctype html>
    <html lang="en">
    <title>\(title)</title>
    <h1>\(title)</h1>
    \(note.map { HTML("<p><em>\($0)</em></p>\n") })\(body)
    """
}
