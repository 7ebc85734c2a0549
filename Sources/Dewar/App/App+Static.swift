// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

extension App {
    /// Serves the files of a folder under a path (Flask's static folder).
    ///
    /// The route is called `static` and has the variable `filename`:
    ///
    /// ```swift
    /// app.staticFiles("static")
    /// let url = app.url(for: "static", ["filename": "style.css"])  // /static/style.css
    /// ```
    ///
    /// A file has an `ETag` and a `Last-Modified`. Conditional requests and ranges are answered as RFC 9110 says: one
    /// range of bytes is sent as a part (206), several are ignored. Text is UTF-8, and no browser guesses another type
    /// (`X-Content-Type-Options: nosniff`).
    ///
    /// Anything but a regular file in the folder is answered with 404: a folder, a symbolic link (even to a file in the
    /// folder), a pipe, anything outside. The folder itself may be a link.
    ///
    /// - Parameters:
    ///   - folder: The folder, relative to the working directory unless it begins with a slash.
    ///   - path: The path that the files are under.
    ///   - name: The route's name.
    ///   - cacheControl: The `Cache-Control` of the files (in place of Flask's `SEND_FILE_MAX_AGE_DEFAULT`). Unless
    ///     set, browsers ask each time whether a file has changed. For files whose names change with their contents,
    ///     use `"public, max-age=31536000, immutable"`. Nil sends no `Cache-Control`.
    ///   - fingerprints: Whether the URLs that `url(for:)` and templates make have a hash of the file's contents as `v`
    ///     (`/static/style.css?v=R2-0bXkSPoQz`). To such a URL the file is sent with
    ///     `Cache-Control: public, max-age=31536000, immutable`, so that browsers ask for it once, and for the next version
    ///     at once. With any other hash the current file is sent with `no-cache`. Files above 16 MiB have no hash. A file is
    ///     read again when its date or size has changed.
    ///   - servesHiddenFiles: Whether files and folders whose names begin with a dot are served: `.well-known`, but
    ///     also `.git` and `.env`.
    public func staticFiles(
        _ folder: String = "static", at path: String = "/static", name: String = "static",
        cacheControl: String? = "no-cache", fingerprints: Bool = false, servesHiddenFiles: Bool = false
    ) {
        let base = path.utf8.last == UInt8(ascii: "/") ? String(path.dropLast()) : path
        let folder = StaticFolder(path: folder, servesHiddenFiles: servesHiddenFiles)
        let hashes = fingerprints ? FileFingerprints(folder: folder) : nil
        let files = StaticFiles(folder: folder, cacheControl: cacheControl, fingerprints: hashes, clock: self.clock)
        if let hashes { self.fingerprint(name, hashes) }
        self.get("\(base)/<path:filename>", name: name, usesSession: false) { request in
            try await files.response(to: request, for: request.parameters["filename"])
        }
    }
}
