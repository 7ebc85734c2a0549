// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

public import Foundation

/// A folder of a test's own, which goes when nobody holds it.
public final class TemporaryFolder: Sendable {
    public let path: String

    public init() throws {
        self.path = FileManager.default.temporaryDirectory.appendingPathComponent("dewar-\(UUID())").path
        try FileManager.default.createDirectory(atPath: self.path, withIntermediateDirectories: false)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: self.path)
    }

    public func file(_ name: String) -> String { self.path + "/" + name }

    /// The path of a database that is not there yet.
    public func newFile() -> String { self.file("\(UUID()).sqlite") }

    /// Every byte of every file in it.
    public func bytes() throws -> [String: Data] {
        let names = try FileManager.default.contentsOfDirectory(atPath: self.path)
        return try Dictionary(
            uniqueKeysWithValues: names.map { ($0, try Data(contentsOf: URL(fileURLWithPath: self.file($0)))) })
    }
}
