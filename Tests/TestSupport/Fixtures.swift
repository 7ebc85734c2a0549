// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation

/// The vector files that real Flask and Flask-Session made: `Tests/Fixtures/flask/`.
public enum Fixtures {
    /// The contents of one file, read by `JSONSerialization`.
    public static func json(_ name: String) throws -> Any {
        try JSONSerialization.jsonObject(with: try Data(contentsOf: Self.folder.appending(path: "\(name).json")))
    }

    /// The cases in one list of a file; a file without any is an error, so that no suite passes by having nothing to do.
    public static func cases(_ name: String, _ list: String) throws -> [FixtureCase] {
        guard let file = try Self.json(name) as? [String: Any], let cases = file[list] as? [[String: Any]],
            !cases.isEmpty
        else { throw FixtureError(message: "\(name).json has no list \(list)") }
        print("\(name).json: \(cases.count) cases in \(list)")
        return cases.map { FixtureCase(fields: $0) }
    }

    private static let folder = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Fixtures/flask")
}

/// A vector file that is not as its README says.
public struct FixtureError: Error, CustomStringConvertible {
    let message: String

    public var description: String { self.message }
}
