// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

/// Why a value could not be written into a record of Flask-Session, or a record not be read.
///
/// It names the kind of fault and where it is, never the value.
struct FlaskRecordError: Error, Hashable, Sendable, CustomStringConvertible {
    enum Kind: Hashable, Sendable {
        /// The bytes are not what Flask-Session writes.
        case malformed
        /// Lists and dictionaries nest deeper than ``MessagePack/maximumDepth``.
        case tooDeep
        /// The record is larger than ``maximumSize``.
        case tooLarge
        /// An integer below -2^63 or over 2^64 - 1 has no form in MessagePack.
        case integerOutOfRange
        /// A date lies outside the years 1 to 9999.
        case dateOutOfRange
        /// Flask-Session cannot store markup.
        case markup
    }

    /// The size of the largest record. What is read from it takes up to thirty times the room.
    static let maximumSize = 1 << 20

    let kind: Kind
    /// The place in the record, in bytes, when reading.
    let offset: Int?

    init(_ kind: Kind, offset: Int? = nil) {
        self.kind = kind
        self.offset = offset
    }

    var description: String {
        let place = self.offset.map { " at byte \($0)" } ?? ""
        return switch self.kind {
        case .malformed: "not a record of Flask-Session\(place)"
        case .tooDeep: "lists and dictionaries nest deeper than \(MessagePack.maximumDepth) levels\(place)"
        case .tooLarge: "the record has more than \(Self.maximumSize) bytes"
        case .integerOutOfRange: "an integer below -2^63 or over 2^64 - 1 cannot be stored for Flask-Session"
        case .dateOutOfRange: "a date outside the years 1 to 9999 cannot be stored in a session"
        case .markup: "markup cannot be stored for Flask-Session; store its text"
        }
    }
}
