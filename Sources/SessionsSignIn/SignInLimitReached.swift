// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// There were too many failed attempts to sign in, so that no password was checked.
///
/// An `App` and Hummingbird answer it with 429 and `Retry-After`. It is thrown for users that there are and for those
/// that there are not, so that it does not tell which names exist.
public struct SignInLimitReached: Error, Hashable, Sendable, CustomStringConvertible {
    /// Whose attempts there were too many of.
    ///
    /// Later versions may add kinds, so that a `switch` over them needs a `default`.
    public struct Kind: Hashable, Sendable, CustomStringConvertible {
        enum Value: String, Hashable, Sendable {
            case user, network
        }

        let value: Value

        /// Of attempts to sign in as this user.
        public static let user = Kind(value: .user)
        /// Of attempts from this network, as whatever user.
        public static let network = Kind(value: .network)

        /// The name of the kind.
        public var description: String { self.value.rawValue }
    }

    /// Whose attempts there were too many of.
    public let kind: Kind
    /// How long it is until the next attempt.
    public let wait: Duration

    init(_ kind: Kind, wait: Duration) {
        self.kind = kind
        self.wait = wait
    }

    /// The wait in whole seconds, rounded up, as `Retry-After` has it (RFC 9110, section 10.2.3).
    public var seconds: Int {
        let (seconds, rest) = self.wait.components
        return Int(seconds) + (rest > 0 ? 1 : 0)
    }

    /// A sentence for the visitor.
    public var description: String {
        let minutes = (self.seconds + 59) / 60
        let wait =
            switch self.seconds {
            case ...90: "\(self.seconds) seconds"
            case ...5400: "\(minutes) minutes"
            default: "\((minutes + 59) / 60) hours"
            }
        return "There were too many failed attempts to sign in. Please try again in \(wait)."
    }
}
