// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// Where ids and secrets get their randomness from, so that a test can foretell them.
public struct SessionRandom: Sendable {
    /// So many random bytes.
    public let bytes: @Sendable (_ count: Int) -> [UInt8]

    /// A source of your own. Anything but a cryptographically secure one is for tests alone.
    public init(bytes: @escaping @Sendable (_ count: Int) -> [UInt8]) {
        self.bytes = bytes
    }

    /// The system's cryptographically secure generator.
    public static let system = SessionRandom { count in
        var generator = SystemRandomNumberGenerator()
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count + 7)
        while bytes.count < count { bytes.append(bigEndian: generator.next()) }
        return Array(bytes.prefix(count))
    }
}
