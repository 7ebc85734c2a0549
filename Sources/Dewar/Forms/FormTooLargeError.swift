// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// A form is larger than `FormLimits` allows; the framework answers with status 413.
public struct FormTooLargeError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Which limit was passed.
    public enum Limit: Hashable, Sendable {
        /// `FormLimits.maximumMemory`, in bytes.
        case memory(Int)
        /// `FormLimits.maximumParts`.
        case parts(Int)
        /// `FormLimits.maximumBody`, in bytes.
        case body(Int)
    }

    /// The limit that was passed, and its value.
    public let limit: Limit

    /// Makes the error for `limit`.
    public init(limit: Limit) {
        self.limit = limit
    }

    /// Names the limit, its value and where to change it.
    public var description: String {
        switch self.limit {
        case .memory(let bytes):
            "The form holds a field of more than \(bytes) bytes (FormLimits.maximumMemory)."
        case .parts(let count):
            "The form has more than \(count) parts (FormLimits.maximumParts)."
        case .body(let bytes):
            "The body is longer than \(bytes) bytes (FormLimits.maximumBody)."
        }
    }
}
