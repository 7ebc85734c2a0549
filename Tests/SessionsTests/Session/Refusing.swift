// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// A value that refuses to be encoded, in an error that says more than it should.
struct Refusing: Codable, Sendable {
    struct Refusal: Error {
        let text: String
    }

    var text = ""

    func encode(to encoder: any Encoder) throws { throw Refusal(text: self.text) }
}
