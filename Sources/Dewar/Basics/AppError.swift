// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// Why an application could not start.
public struct AppError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kind of error.
    public enum Code: Hashable, Sendable {
        /// Another program listens on the port.
        case addressInUse
        /// This machine cannot listen on the host or the port.
        case addressUnavailable
        /// A value in the configuration cannot be used.
        case invalidConfiguration
    }

    /// The kind of error.
    public let code: Code
    /// What happened, and what to do about it.
    public let description: String

    init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}
