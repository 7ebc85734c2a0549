// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dewar

private struct Person: Sendable {
    let name: String
    let age: Int
}

/// README: docs/TEMPLATES.md.
private func templateDocumentation(_ app: App, people: [Person]) {
    app.templates = Templates(folder: "templates")

    app.get("/people", name: "people") { request in
        try render("people", ["title": "People", "people": people])  // templates/people.mustache
    }

    app.get("/people/<int:id>", name: "person") { request in
        let id = try request.parameters["id"]
        return try render("person", ["id": id, "edit": app.url(for: "person", ["id": URLValue(id), "edit": true])])
    }

    app.templates = Templates(["hello": "<p>Hello, {{name}}!</p>"])
}

/// Sources: `Templates`, `render(_:_:status:)`.
private func templateComments(_ app: App) {
    app.templates = Templates(folder: "templates")

    app.get("/hello/<name>") { request in
        try render("hello", ["name": request.parameters["name"]])  // templates/hello.mustache
    }

    app.templates = Templates(folder: "templates")

    app.get("/people") { request in
        try render("people", ["people": ["Ada", "Grace"], "title": "People"])
    }
}
