// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// A form field or query argument that a handler asked for by index is not there.
///
/// The framework answers it with status 400, as Flask does (werkzeug/datastructures/structures.py:226-238). Use
/// `get` for a field that may be missing.
public struct MissingFieldError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The name that was asked for.
    public let name: String

    /// Makes the error for `name`.
    public init(name: String) {
        self.name = name
    }

    /// Says which field is missing. The name is the one the handler wrote, not text from the client.
    public var description: String {
        "The request has no field named \"\(self.name)\". Use get(_:) for a field that may be missing."
    }
}
