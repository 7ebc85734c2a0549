// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Testing

@testable import Dewar

/// The types of files, by their names.
@Suite struct ContentTypeTests {
    @Test(arguments: [
        ("style.css", "text/css; charset=utf-8"), ("index.html", "text/html; charset=utf-8"),
        ("a.JS", "text/javascript; charset=utf-8"), ("a.mjs", "text/javascript; charset=utf-8"),
        ("a.txt", "text/plain; charset=utf-8"), ("a.svg", "image/svg+xml; charset=utf-8"),
        ("a.xml", "application/xml; charset=utf-8"), ("a.json", "application/json"), ("a.png", "image/png"),
        ("a.woff2", "font/woff2"), ("a.min.css", "text/css; charset=utf-8"), ("sub.css/a.png", "image/png"),
    ])
    func theEndOfANameSaysTheType(name: String, type: String) {
        #expect(ContentType.of(name) == type)
    }

    @Test(arguments: ["README", "a.", "a.unknown", ".css", "sub.css/README", "", "/"])
    func aNameThatSaysNothingIsBytes(name: String) {
        #expect(ContentType.of(name) == "application/octet-stream")
    }
}
