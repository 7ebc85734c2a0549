// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Hummingbird

extension App {
    /// Serves the files of a folder under a path (Flask's static folder), with ETags, ranges and conditional requests.
    ///
    /// The route is called `static` and has the variable `filename`:
    ///
    /// ```swift
    /// app.staticFiles("static")
    /// app.url(for: "static", ["filename": "style.css"])   // /static/style.css
    /// ```
    ///
    /// - Parameters:
    ///   - folder: The folder, relative to the working directory unless it begins with a slash.
    ///   - path: The path that the files are under.
    ///   - name: The route's name.
    public func staticFiles(_ folder: String = "static", at path: String = "/static", name: String = "static") {
        let base = path.utf8.last == UInt8(ascii: "/") ? String(path.dropLast()) : path
        let files = FileMiddleware<AppRequestContext, LocalFileSystem>(folder, urlBasePath: base, logger: self.logger)
        self.get("\(base)/<path:filename>", name: name) { request in
            let original = request.content.request
            // The middleware serves what its next one does not find.
            let response = try await files.handle(original, context: AppRequestContext(logger: request.logger)) {
                _, _ in
                throw HTTPError(.notFound)
            }
            return Response(status: response.status, headers: response.headers, body: .stream(response.body))
        }
    }
}
