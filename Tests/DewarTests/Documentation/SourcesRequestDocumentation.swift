// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dewar

/// Sources: Dewar/Request/Request.swift
func requestComment(app: App) {
    app.route("/login", methods: .get, .post) { request in
        if request.method == .post {
            request.session["username"] = try await request.form["username"]
            return redirect(app.url(for: "index"))
        }
        return "<form method=post><input name=username><input type=submit></form>"
    }
}

/// Sources: Dewar/Request/Request.swift
func openSessionComment(app: App) {
    app.beforeRequest(usesSession: false) { request in
        guard request.path.hasPrefix("/private/") else { return nil }
        try await request.openSession().requireSignedIn()
        return nil
    }
}

/// Sources: Dewar/Request/Request.swift
func formComment(request: Request) async throws -> [String] {
    let username = try await request.form["username"]
    let colours = try await request.form.getList("colour")
    return [username] + colours
}

/// Sources: Dewar/Request/Request+Next.swift
func nextComment(app: App) {
    app.post("/login") { request in
        request.session.signIn(as: "ada")
        return redirect(request.next ?? app.url(for: "index"))
    }
}

/// Sources: Dewar/Request/Parameters.swift
func parametersComment(app: App) {
    app.get("/user/<name>") { request in
        "Hello \(try request.parameters["name"])"
    }
}

/// Sources: Dewar/Request/Parameters.swift
func typedParametersComment(app: App) {
    app.get("/post/<int:id>") { request in
        let id = try request.parameters.get("id", as: Int.self)
        return "Post \(id)"
    }
}

/// Sources: Dewar/CrossSite/Request+CrossSite.swift
func csrfTokenComment(app: App) {
    app.get("/") { request in
        "<meta name=csrf-token content='\(request.csrfToken)'><script src=/static/shop.js></script>"
    }
}

/// Sources: Dewar/CrossSite/Request+CrossSite.swift
func csrfFieldComment(app: App) {
    app.get("/transfer") { request in
        "<form method=post>\(csrf: request) <input name=amount> <button>Send</button></form>"
    }
}

/// Sources: Sessions/Session/Session+Time.swift
func countsAsUseComment(app: App) {
    app.get("/news") { request in
        request.session.countsAsUse = false
        let seconds = request.session.timeLeft?.components.seconds ?? 0
        return try Response(json: ["secondsLeft": seconds])
    }
}

/// Sources: Dewar/Forms/FormParser.swift
func formParserComment() throws -> String? {
    let form = try FormParser().parse(Array("a=1&b=2".utf8), contentType: "application/x-www-form-urlencoded")
    let a = form.get("a")  // "1"
    return a
}

/// Sources: Dewar/Forms/MultiDictionary.swift
func multiDictionaryComment() throws -> (String, [String], Int?) {
    let arguments = MultiDictionary([("tag", "a"), ("page", "2"), ("tag", "b")])
    let tag = try arguments["tag"]  // "a"
    let tags = arguments.getList("tag")  // ["a", "b"]
    let page = arguments.get("page", as: Int.self)  // 2
    return (tag, tags, page)
}

/// Sources: Dewar/Forms/UploadedFile.swift
func uploadedFileComment(app: App) {
    app.post("/photo") { request in
        guard let file = try await request.form.file("photo"), !file.content.isEmpty else { try abort(400) }
        return "\(file.secureFilename) has \(file.content.count) bytes."
    }
}

/// Sources: Dewar/Forms/FormLimits.swift
func formLimitsComment(key: SecretKey) -> App {
    let app = App(secretKey: key, limits: FormLimits(maximumBody: 64 * 1024 * 1024))
    return app
}

/// Sources: Dewar/Response/Response.swift
func pageComment(app: App) {
    app.get("/") { request in
        "Hello <b>\(request.query.get("name"))</b>"
    }
}

/// Sources: Dewar/Response/Response.swift
func responseComment() throws -> Response {
    var response = Response("<h1>Saved</h1>", status: .created)
    response.headers[.location] = "/post/7"
    try response.setCookie(SetCookie(name: "theme", value: "dark"))
    return response
}

/// Sources: Dewar/Response/Response+JSON.swift
func jsonComment(app: App) {
    app.get("/count") { request in
        try Response(json: ["count": 1])
    }
}

/// Sources: Dewar/Response/Redirect.swift
func redirectComment(app: App) -> Response {
    return redirect(app.url(for: "index"))
}

/// Sources: Dewar/Response/HTTPException.swift
func httpExceptionComment() throws -> Response {
    throw HTTPException(.serviceUnavailable, "We are back in an hour.", headers: [.retryAfter: "3600"])
}

/// Sources: Dewar/Response/HTTPException.swift
func abortComment(posts: [Int: String], id: Int) throws -> Response {
    guard let post = posts[id] else { try abort(404) }
    return "\(post)"
}

/// Sources: Dewar/HTML/Escaping.swift
func escapeComment() -> HTML {
    let shown = escape("<script>")  // &lt;script&gt;
    return shown
}

/// Sources: Dewar/HTML/HTML.swift
func htmlComment() -> [HTML] {
    let name = "<b>Eve</b>"
    let greeting: HTML = "<p>Hello, \(name)!</p>"  // <p>Hello, &lt;b&gt;Eve&lt;/b&gt;!</p>
    let items = ["a", "b"].map { item -> HTML in "<li>\(item)</li>" }
    let list: HTML = "<ul>\(items)</ul>"  // <ul><li>a</li><li>b</li></ul>
    return [greeting, list]
}

/// Sources: Dewar/HTML/HTMLInterpolation.swift
struct Price {
    var cents: Int
}

extension HTMLInterpolation {
    mutating func appendInterpolation(_ price: Price) {
        self.appendInterpolation("€ \(price.cents / 100)")  // a String: escaped
    }
}
