// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

/// The parts of a case.
struct DifferentialCase {
    let parts: [String?]

    init(_ parts: [String?]) {
        self.parts = parts
    }

    /// A part that must be there.
    func text(_ index: Int) throws -> String {
        guard let text = self.optionalText(index) else { throw UnusableCase(what: "part \(index) is missing") }
        return text
    }

    func optionalText(_ index: Int) -> String? { index < self.parts.count ? self.parts[index] : nil }

    func integer(_ index: Int) throws -> Int {
        guard let number = Int(try self.text(index)) else { throw UnusableCase(what: "part \(index) is no number") }
        return number
    }

    func optionalInteger(_ index: Int) throws -> Int? {
        self.optionalText(index) == nil ? nil : try self.integer(index)
    }

    /// A part that stands for bytes.
    func bytes(_ index: Int) throws -> [UInt8] {
        try self.text(index).unicodeScalars.map { scalar in
            guard let byte = UInt8(exactly: scalar.value) else { throw UnusableCase(what: "part \(index) is no bytes") }
            return byte
        }
    }
}

/// A case that the other side should not have sent.
struct UnusableCase: Error {
    let what: String
}
