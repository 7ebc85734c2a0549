// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// What stands around a page's own contents: a document that screen readers, phones and browsers without JavaScript
/// read.
struct PageLayout {
    /// The language of the texts (BCP 47), as `en`.
    let language: String
    /// The direction of the texts, `ltr` or `rtl`.
    let direction: String
    /// The title of the window, and the first heading.
    let title: String
    /// What the site shows above the heading.
    let header: HTML
    /// What has just been done.
    let messages: [HTML]
    /// The URL of the style sheet.
    let style: String

    /// The whole document.
    func document(_ contents: HTML) -> HTML {
        """
        <!doctype html>
        <html lang="\(self.language)" dir="\(self.direction)">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>\(self.title)</title>
        <link rel="stylesheet" href="\(self.style)">
        </head>
        <body>
        \(self.header.isEmpty ? nil : HTML("<header>\(self.header)</header>\n"))<main>
        <h1>\(self.title)</h1>
        \(self.messages.map { HTML("<p class=\"message\" role=\"status\">\($0)</p>\n") })\(contents)
        </main>
        </body>
        </html>

        """
    }
}
