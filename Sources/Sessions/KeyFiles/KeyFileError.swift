// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// A key file that cannot be used: which, the line where it is one line's fault, and why. It holds nothing of a key.
public struct KeyFileError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The file.
    public let path: String
    /// The number of the line, from 1, where it is one line's fault.
    public let line: Int?
    /// What is wrong.
    public let problem: KeyFileProblem

    init(_ path: String, line: Int? = nil, _ problem: KeyFileProblem) {
        self.path = path
        self.line = line
        self.problem = problem
    }

    /// The file, the line and the problem.
    public var description: String {
        "The key file \(self.path) cannot be used: \(self.line.map { "line \($0): " } ?? "")\(self.problem)."
    }
}
