// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// A form is larger than `FormLimits` allows; the framework answers with status 413.
public struct FormTooLargeError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Which limit was passed.
    ///
    /// Later versions may add kinds, so that a `switch` over them needs a `default`.
    public struct Kind: Hashable, Sendable, CustomStringConvertible {
        enum Value: Hashable, Sendable {
            case memory(Int)
            case parts(Int)
            case body(Int)
        }

        let value: Value

        /// `FormLimits.maximumMemory`, in bytes.
        public static func memory(_ count: Int) -> Kind { Kind(value: .memory(count)) }
        /// `FormLimits.maximumParts`.
        public static func parts(_ count: Int) -> Kind { Kind(value: .parts(count)) }
        /// `FormLimits.maximumBody`, in bytes.
        public static func body(_ count: Int) -> Kind { Kind(value: .body(count)) }

        /// The name of the kind.
        public var description: String { "\(self.value)" }
    }

    /// The limit that was passed, and its value.
    public let kind: Kind

    /// Makes the error for `limit`.
    public init(_ kind: Kind) {
        self.kind = kind
    }

    /// Names the limit, its value and where to change it.
    public var description: String {
        switch self.kind.value {
        case .memory(let bytes):
            "The form holds a field of more than \(bytes) bytes (FormLimits.maximumMemory)."
        case .parts(let count):
            "The form has more than \(count) parts (FormLimits.maximumParts)."
        case .body(let bytes):
            "The body is longer than \(bytes) bytes (FormLimits.maximumBody)."
        }
    }
}
