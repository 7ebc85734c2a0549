// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// Why an application could not start, or could not take more work.
public struct AppError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kind of error.
    ///
    /// Later versions may add kinds, so that a `switch` over them needs a `default`.
    public struct Kind: Hashable, Sendable, CustomStringConvertible {
        enum Value: String, Hashable, Sendable {
            case addressInUse, addressUnavailable, invalidConfiguration, tooMuchBackgroundWork
        }

        let value: Value

        /// Another program listens on the port.
        public static let addressInUse = Kind(value: .addressInUse)
        /// This machine cannot listen on the host or the port.
        public static let addressUnavailable = Kind(value: .addressUnavailable)
        /// A value in the configuration cannot be used.
        public static let invalidConfiguration = Kind(value: .invalidConfiguration)

        /// There is no room for more background work: ``App/background(file:line:_:)``.
        public static let tooMuchBackgroundWork = Kind(value: .tooMuchBackgroundWork)

        /// The name of the kind.
        public var description: String { self.value.rawValue }
    }

    /// The kind of error.
    public let kind: Kind
    /// What happened, and what to do about it.
    public let description: String

    package init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }
}
