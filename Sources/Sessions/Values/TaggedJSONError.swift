// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// Why a value could not be written as tagged JSON, or a text not be read.
///
/// It names the kind of fault and where it is, never the value: session contents do not belong in logs.
public struct TaggedJSONError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong.
    public enum Code: Hashable, Sendable {
        /// The text is not JSON, or a tag holds what it cannot.
        case malformed
        /// Lists and dictionaries nest deeper than ``TaggedJSON/maximumDepth``.
        case tooDeep
        /// A date lies outside the years 1 to 9999, which an HTTP date cannot express.
        case dateOutOfRange
    }

    /// What is wrong.
    public let code: Code
    /// The place in the text, in bytes, when reading.
    public let offset: Int?

    init(_ code: Code, offset: Int? = nil) {
        self.code = code
        self.offset = offset
    }

    /// What is wrong, without the text that it is wrong with.
    public var description: String {
        let place = self.offset.map { " at byte \($0)" } ?? ""
        return switch self.code {
        case .malformed: "not Flask's tagged JSON\(place)"
        case .tooDeep: "lists and dictionaries nest deeper than \(TaggedJSON.maximumDepth) levels\(place)"
        case .dateOutOfRange: "a date outside the years 1 to 9999 cannot be stored in a session"
        }
    }
}
