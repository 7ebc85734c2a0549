// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// A file from a multipart form.
///
/// The client chooses everything in it. In particular, `filename` may be "../../etc/passwd" and `contentType` may be
/// wrong: never use either without a check. The content is wholly in memory; `FormLimits.maximumBody` bounds it.
///
/// ```swift
/// app.post("/photo") { request in
///     guard let file = try await request.form.file("photo"), !file.content.isEmpty else { try abort(400) }
///     return "\(file.secureFilename) has \(file.content.count) bytes."
/// }
/// ```
public struct UploadedFile: Sendable {
    /// The name of the form field.
    public let name: String

    /// The file's name exactly as the client sent it: **untrusted**, not fit for a path. Empty when no file was chosen.
    public let filename: String

    /// The part's headers.
    public let headers: MultipartHeaders

    /// The file's bytes.
    public let content: [UInt8]

    /// Makes a file.
    public init(name: String, filename: String, headers: MultipartHeaders = MultipartHeaders(), content: [UInt8]) {
        self.name = name
        self.filename = filename
        self.headers = headers
        self.content = content
    }

    /// The type that the client claims for the content, with its parameters, or nil.
    public var contentType: String? {
        self.headers["Content-Type"]
    }

    /// The filename made safe to store under, as `werkzeug.utils.secure_filename` makes it (werkzeug/utils.py:197).
    ///
    /// It has only ASCII letters, digits and `_.-`, no directory and no leading dot: "../../etc/passwd" gives
    /// "etc_passwd", "My résumé.pdf" gives "My_resume.pdf". It may be **empty**, and two files may get the same name;
    /// both are the caller's to handle.
    public var secureFilename: String {
        SecureFilename.make(self.filename)
    }
}
