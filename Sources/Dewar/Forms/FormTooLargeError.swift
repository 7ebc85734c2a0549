// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// A form is larger than `FormLimits` allows; the framework answers with status 413.
public struct FormTooLargeError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Which limit was passed.
    ///
    /// Later versions may add kinds, so that a `switch` over them needs a `default`.
    public struct Kind: Hashable, Sendable, CustomStringConvertible {
        enum Value: String, Hashable, Sendable {
            case memory, parts, body
        }

        let value: Value

        /// `FormLimits.maximumMemory`, in bytes.
        public static let memory = Kind(value: .memory)
        /// `FormLimits.maximumParts`.
        public static let parts = Kind(value: .parts)
        /// `FormLimits.maximumBody`, in bytes.
        public static let body = Kind(value: .body)

        /// The name of the kind.
        public var description: String { self.value.rawValue }
    }

    /// Which limit was passed.
    public let kind: Kind
    /// The limit: bytes, or a number of parts.
    public let limit: Int

    /// The error for a limit.
    public init(_ kind: Kind, limit: Int) {
        self.kind = kind
        self.limit = limit
    }

    /// Names the limit, its value and where to change it.
    public var description: String {
        switch self.kind.value {
        case .memory:
            "The form holds a field of more than \(self.limit) bytes (FormLimits.maximumMemory)."
        case .parts:
            "The form has more than \(self.limit) parts (FormLimits.maximumParts)."
        case .body:
            "The body is longer than \(self.limit) bytes (FormLimits.maximumBody)."
        }
    }
}
