// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation

/// The vector files: `Tests/Fixtures/flask/` is what real Flask and Flask-Session made, `sealed/` what Dewar and Python
/// sealed.
public enum Fixtures {
    /// The contents of one file, read by `JSONSerialization`.
    public static func json(_ name: String, in folder: String = "flask") throws -> Any {
        try JSONSerialization.jsonObject(
            with: try Data(contentsOf: Self.folder.appending(path: "\(folder)/\(name).json")))
    }

    /// The cases in one list of a file; a file without any is an error, so that no suite passes by having nothing to
    /// do.
    public static func cases(_ name: String, _ list: String, in folder: String = "flask") throws -> [FixtureCase] {
        guard let file = try Self.json(name, in: folder) as? [String: Any], let cases = file[list] as? [[String: Any]],
            !cases.isEmpty
        else { throw FixtureError(message: "\(name).json has no list \(list)") }
        print("\(name).json: \(cases.count) cases in \(list)")
        return cases.map { FixtureCase(fields: $0) }
    }

    private static let folder = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Fixtures")
}

/// A vector file that is not as its README says.
public struct FixtureError: Error, CustomStringConvertible {
    let message: String

    public var description: String { self.message }
}
