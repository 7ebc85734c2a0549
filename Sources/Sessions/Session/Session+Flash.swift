// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

extension Session {
    /// Leaves a message for the visitor's next page (Flask's `flash`), stored as Flask stores it.
    ///
    /// ```swift
    /// session.flash("Saved")
    /// session.flash("Wrong password", category: "error")
    /// ```
    public func flash(_ message: SessionValue, category: String = "message") {
        self.make(.append(SessionState.flashesKey, FlashMessage(message, category: category).value))
    }

    /// Takes the messages that earlier requests left (Flask's `get_flashed_messages`).
    ///
    /// They are gone from the session afterwards, those of other categories too; within the same request the same
    /// messages are given again. A message flashed after that is for the next request.
    ///
    /// - Parameter categories: Which messages to give; none means all.
    public func flashedMessages(in categories: Set<String> = []) -> [FlashMessage] {
        let messages = self.write { state in
            if let taken = state.takenFlashes { return taken }
            let taken = Self.messages(in: state.values[SessionState.flashesKey])
            if let stored = state.values[SessionState.flashesKey] {
                state.make(.update(SessionState.flashesKey) { Self.without(stored, in: $0) })
            }
            state.takenFlashes = taken
            return taken
        }
        return categories.isEmpty ? messages : messages.filter { categories.contains($0.category) }
    }

    /// What is left after the messages were taken: those that another request has added in the meantime.
    private static func without(_ taken: SessionValue, in stored: SessionValue?) -> SessionValue? {
        guard case .list(let taken) = taken, case .list(let flashes)? = stored else { return nil }
        var counts = taken.reduce(into: [SessionValue: Int]()) { $0[$1, default: 0] += 1 }
        let left = flashes.filter { flash in
            guard let count = counts[flash], count > 0 else { return true }
            counts[flash] = count - 1
            return false
        }
        return left.isEmpty ? nil : .list(left)
    }

    private static func messages(in stored: SessionValue?) -> [FlashMessage] {
        guard case .list(let flashes)? = stored else { return [] }
        return flashes.compactMap(FlashMessage.init)
    }
}

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
