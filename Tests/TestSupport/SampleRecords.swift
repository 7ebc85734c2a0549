// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

package import Foundation
package import Sessions

/// Records for tests: nothing in them matters but what a test says.
package enum SampleRecords {
    package static let now = Date(timeIntervalSince1970: 1_700_000_000)

    /// The id that ends in a number, and begins with its last byte so that the numbers spread.
    package static func id(_ number: Int) -> SessionID {
        let bytes = withUnsafeBytes(of: Int64(number).bigEndian, Array.init)
        return SessionID(bytes: bytes.suffix(1) + [UInt8](repeating: 0xA5, count: 7) + bytes)
            ?? SessionID(using: .system)
    }

    /// A record that has expired or will, so many seconds from ``now``.
    package static func record(
        _ number: Int = 1, version: Int = 1, contents: String = "contents", user: String? = nil,
        expiresIn seconds: Int = 3600
    ) -> SessionRecord {
        SessionRecord(
            id: Self.id(number), secretHash: [UInt8](repeating: UInt8(number & 0xFF), count: 32), version: version,
            contents: Array(contents.utf8), createdAt: Self.now.addingTimeInterval(-1_000_000),
            lastUsedAt: Self.now.addingTimeInterval(TimeInterval(seconds - 10_000)), idleTimeout: .seconds(10_000),
            user: user,
            deviceLabel: "Firefox")
    }

    /// A record with anything in any field, from a generator.
    package static func anything(_ generator: inout some RandomNumberGenerator) -> SessionRecord {
        func bytes(_ count: ClosedRange<Int>) -> [UInt8] {
            (0..<Int.random(in: count, using: &generator)).map { _ in .random(in: 0...255, using: &generator) }
        }
        func date() -> Date { Date(milliseconds: .random(in: -1_000_000...5_000_000_000_000, using: &generator)) }
        func maybe<Value>(_ value: () -> Value) -> Value? { Bool.random(using: &generator) ? value() : nil }
        func text() -> String { String(decoding: bytes(0...40), as: UTF8.self) }
        return SessionRecord(
            id: SessionID(bytes: bytes(16...16)) ?? Self.id(0), secretHash: bytes(0...40),
            previousSecretHash: maybe { bytes(0...40) }, graceEnd: maybe(date),
            version: .random(in: .min ... .max, using: &generator), contents: bytes(0...600), createdAt: date(),
            renewedAt: date(), authenticatedAt: maybe(date), lastUsedAt: date(),
            idleTimeout: .milliseconds(Int.random(in: 0...5_000_000_000_000, using: &generator)),
            absoluteEnd: maybe(date),
            user: maybe(text), deviceLabel: maybe(text))
    }
}
