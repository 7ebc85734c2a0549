// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// A message for the next page that the visitor sees.
public struct FlashMessage: Sendable, Hashable {
    /// What kind of message it is, for the page to style: `message`, `info`, `error` and the like.
    public let category: String
    /// The message: text, or markup that is not escaped again.
    public let message: SessionValue

    /// A message of a category.
    public init(_ message: SessionValue, category: String = "message") {
        self.category = category
        self.message = message
    }

    /// Flask's stored form: a tuple with the category first.
    var value: SessionValue { .tuple([.string(self.category), self.message]) }

    init?(_ value: SessionValue) {
        switch value {
        case .tuple(let parts), .list(let parts):
            guard parts.count == 2, case .string(let category) = parts[0] else { return nil }
            self.init(parts[1], category: category)
        default: return nil
        }
    }
}
