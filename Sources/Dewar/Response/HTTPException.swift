// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

public import HTTPTypes

/// An error that stands for an answer, such as 404 Not Found (Werkzeug's `HTTPException`).
///
/// A handler throws it, or calls ``abort(_:_:file:filePath:line:)``. Throw it yourself where the answer needs header
/// fields of its own:
///
/// ```swift
/// throw HTTPException(.serviceUnavailable, "We are back in an hour.", headers: [.retryAfter: "3600"])
/// ```
///
/// ``Scaffold/errorHandler(_:handler:)`` replaces the plain page that the visitor gets.
public struct HTTPException: Error, Sendable, CustomStringConvertible {
    /// The status of the answer.
    public let status: HTTPResponse.Status
    /// A sentence for the visitor; nil for the usual one.
    public let explanation: String?
    /// Fields that the answer carries, such as `Allow`.
    public let headers: HTTPFields
    /// Where the application makes it; nil for one that Dewar makes.
    let place: SourcePlace?

    /// An answer with a status, and a sentence of your own if you like. The sentence is escaped.
    ///
    /// - Parameters:
    ///   - status: The status of the answer.
    ///   - explanation: A sentence for the visitor; nil for the usual one.
    ///   - headers: Fields that the answer carries.
    ///   - file: The file that makes it, for error pages for development.
    ///   - filePath: The path of that file.
    ///   - line: The line that makes it.
    public init(
        _ status: HTTPResponse.Status, _ explanation: String? = nil, headers: HTTPFields = HTTPFields(),
        file: String = #fileID, filePath: String = #filePath, line: Int = #line
    ) {
        self.status = status.named
        self.explanation = explanation
        self.headers = headers
        let isDewars = file.utf8.starts(with: "Dewar/".utf8)
        self.place = isDewars ? nil : SourcePlace(file: file, path: filePath, line: line)
    }

    /// The status, and the sentence where there is one of your own.
    public var description: String { self.explanation.map { "\(self.status): \($0)" } ?? "\(self.status)" }

    /// The error page.
    var response: Response {
        let explanation = self.explanation ?? Self.explanations[self.status.code] ?? self.status.reasonPhrase
        var response = Response(
            """
            <!doctype html>
            <html lang=en>
            <title>\(self.status.code) \(self.status.reasonPhrase)</title>
            <h1>\(self.status.reasonPhrase)</h1>
            <p>\(explanation)</p>
            """, status: self.status)
        response.headers.append(contentsOf: self.headers)
        return response
    }

    private static let explanations: [Int: String] = [
        400: "The server could not understand what your browser sent.",
        401: "You are not signed in, or not with the rights that this page asks for.",
        403: "You may not see this page.",
        404: "There is no page at this address. Was it typed by hand? Then please check the spelling.",
        405: "This page does not take that kind of request.",
        408: "What your browser sent did not arrive in time. Please try again.",
        413: "What was sent is too large.",
        500: "The server ran into an error. It has been noted; please try again later.",
        503: "The server cannot answer now. Please try again in a moment.",
    ]
}

/// Stops the handler and answers with an error (Flask's `abort`).
///
/// ```swift
/// guard let post = posts[id] else { try abort(404) }
/// ```
///
/// - Parameters:
///   - status: The status of the answer.
///   - explanation: A sentence for the visitor; nil for the usual one.
///   - file: The file that calls it, for error pages for development.
///   - filePath: The path of that file.
///   - line: The line that calls it.
/// - Throws: The ``HTTPException``.
public func abort(
    _ status: HTTPResponse.Status, _ explanation: String? = nil, file: String = #fileID,
    filePath: String = #filePath, line: Int = #line
) throws -> Never {
    throw HTTPException(status, explanation, file: file, filePath: filePath, line: line)
}
