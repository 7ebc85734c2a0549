// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

public import Foundation
public import Sessions

/// The moment at which the tests of stores take place.
public let start = Date(timeIntervalSince1970: 1_700_000_000)

extension SessionID {
    /// An id that is a number.
    public static func number(_ number: Int) throws -> SessionID {
        let bytes = withUnsafeBytes(of: UInt64(number).bigEndian) { Array($0) }
        guard let id = SessionID(bytes: [UInt8](repeating: 0, count: 8) + bytes) else {
            throw CocoaError(.coderInvalidValue)
        }
        return id
    }
}

/// A record that lives for an hour from ``start``.
public func record(_ number: Int = 1, version: Int = 1, contents: [UInt8] = [1, 2, 3], user: String? = nil) throws
    -> SessionRecord
{
    SessionRecord(
        id: try .number(number), secretHash: [UInt8](repeating: 7, count: 32), version: version, contents: contents,
        createdAt: start, idleTimeout: .seconds(3600), user: user)
}

/// The error that some work throws; nil when it throws none, or one of another type.
public func failure<Failure: Error>(
    _ type: Failure.Type = Failure.self, _ work: () async throws -> Void
) async -> Failure? {
    do {
        try await work()
        return nil
    } catch {
        return error as? Failure
    }
}
