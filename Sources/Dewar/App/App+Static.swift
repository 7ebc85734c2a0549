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
    /// What is no file in the folder is 404: a folder, a name that contains `..`, anything outside.
    ///
    /// - Parameters:
    ///   - folder: The folder, relative to the working directory unless it begins with a slash.
    ///   - path: The path that the files are under.
    ///   - name: The route's name.
    public func staticFiles(_ folder: String = "static", at path: String = "/static", name: String = "static") {
        let base = path.utf8.last == UInt8(ascii: "/") ? String(path.dropLast()) : path
        let files = FileMiddleware<AppRequestContext, LocalFileSystem>(folder, urlBasePath: base, logger: self.logger)
        self.get("\(base)/<path:filename>", name: name) { request in
            // A path that is opened ends at a NUL byte, and a slash at its end is passed over: another name, the same
            // file.
            let path = request.path.utf8
            guard !path.contains(0), path.last != UInt8(ascii: "/") else { throw HTTPException(.notFound) }
            let context = AppRequestContext(logger: request.logger)
            let response: HummingbirdCore.Response
            do {
                // The middleware serves what its next one does not find.
                response = try await files.handle(request.content.request, context: context) { _, _ in
                    throw HTTPError(.notFound)
                }
            } catch let error as HTTPError where error.status == .badRequest {
                throw HTTPException(.notFound)
            }
            // A folder is redirected to its name and a slash, which the path of the route is missing from.
            guard response.status != .movedPermanently, response.status != .permanentRedirect else {
                throw HTTPException(.notFound)
            }
            return Response(status: response.status, headers: response.headers, body: .stream(response.body))
        }
    }
}
