// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// The source of the randomness in ids and secrets, which a test can make predictable.
public struct SessionRandom: Sendable {
    /// Gives `count` random bytes.
    public let bytes: @Sendable (_ count: Int) -> [UInt8]

    /// A source of your own. Outside tests it must be cryptographically secure.
    public init(bytes: @escaping @Sendable (_ count: Int) -> [UInt8]) {
        self.bytes = bytes
    }

    /// The system's cryptographically secure generator.
    public static let system = SessionRandom { count in SystemCall.randomBytes(count) }
}
