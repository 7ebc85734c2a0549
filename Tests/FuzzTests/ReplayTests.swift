// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import Testing

/// Every input that the fuzzer has kept, once more: those that reach new code, and those that were found to be wrong.
///
/// They are in `Tests/Fixtures/fuzz`, in base64, one a line; "./fuzz --minimize" writes them.
@Suite struct ReplayTests {
    @Test(arguments: FuzzTarget.all)
    func everyInputHolds(target: FuzzTarget) throws {
        let inputs = try Self.inputs(of: target)
        #expect(!inputs.isEmpty)
        for input in inputs {
            do {
                try target.check(input)
            } catch {
                Issue.record("\(target.name): \(error), with the input \(Data(input).base64EncodedString())")
            }
        }
        print("\(target.name): \(inputs.count) inputs replayed")
    }

    @Test func everyFileOfInputsHasATarget() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path())
        #expect(files.sorted() == FuzzTarget.all.map { "\($0.name).txt" }.sorted())
    }

    private static let folder = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Fixtures/fuzz")

    private static func inputs(of target: FuzzTarget) throws -> [[UInt8]] {
        let text = try String(contentsOf: Self.folder.appending(path: "\(target.name).txt"), encoding: .utf8)
        return try text.split(separator: "\n").map { line in
            // An input without a byte is a line with a hyphen.
            line == "-" ? [] : Array(try #require(Data(base64Encoded: String(line))))
        }
    }
}

extension FuzzTarget: CustomTestStringConvertible {
    var testDescription: String { self.name }
}
