// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// Why a template cannot be used.
///
/// A mistake in a template's own text, or a folder that cannot be read, prevents the start of the application.
public struct TemplateError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kind of error.
    ///
    /// Later versions may add kinds, so that a `switch` over them needs a `default`.
    public struct Kind: Hashable, Sendable, CustomStringConvertible {
        enum Value: String, Hashable, Sendable {
            case invalidSyntax, notFound, endless, unreadable, outsideOfRequest, noURL
        }

        let value: Value

        /// The text of a template is not Mustache, as ``TemplateError/file`` and ``TemplateError/line`` say.
        public static let invalidSyntax = Kind(value: .invalidSyntax)
        /// There is no template of this name.
        public static let notFound = Kind(value: .notFound)
        /// A template includes itself, directly or by others, whatever the values are: its page would have no end.
        public static let endless = Kind(value: .endless)
        /// The folder, or a file in it, cannot be read as UTF-8 text.
        public static let unreadable = Kind(value: .unreadable)
        /// A page was rendered by code that answers no request.
        public static let outsideOfRequest = Kind(value: .outsideOfRequest)

        /// A tag names a URL that cannot be made: there is no such route, or a value is missing that it needs.
        public static let noURL = Kind(value: .noURL)

        /// The name of the kind.
        public var description: String { self.value.rawValue }
    }

    /// The kind of error.
    public let kind: Kind
    /// The file with the mistake, or the template's name if it is in no file; nil if it is about none.
    public let file: String?
    /// The line with the mistake, from 1 on; nil if it is about none.
    public let line: Int?
    /// What happened, and where.
    public let description: String

    init(_ kind: Kind, _ reason: String, file: String? = nil, line: Int? = nil) {
        self.kind = kind
        self.file = file
        self.line = line
        let place = [file, line.map(String.init)].compactMap(\.self).joined(separator: ":")
        self.description = place.isEmpty ? reason : "\(place): \(reason)"
    }
}
