// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// An operation on one session, with its beginning, its end and its result.
struct StoreEvent: Sendable, CustomStringConvertible {
    /// The part of a record that shows the order of operations.
    struct Seen: Sendable, Hashable, CustomStringConvertible {
        let version: Int
        /// The number of the write.
        let tag: Int

        var description: String { "version \(self.version) of write \(self.tag)" }
    }

    enum Operation: Sendable, Hashable {
        case read(Seen?)
        case write(replacing: Int?, tag: Int, isDone: Bool)
        case remove(version: Int?, isDone: Bool)
    }

    let client: Int
    let began: Int
    let ended: Int
    let operation: Operation

    var description: String {
        "\(self.began)-\(self.ended) client \(self.client): " + self.text
    }

    private var text: String {
        switch self.operation {
        case .read(let seen): "read \(seen?.description ?? "nothing")"
        case .write(let version, let tag, let isDone):
            "write \(tag) replacing \(version.map { "version \($0)" } ?? "nothing"): \(isDone)"
        case .remove(let version, let isDone): "remove \(version.map { "version \($0)" } ?? "any version"): \(isDone)"
        }
    }
}

extension StoreEvent: HistoryEvent {
    /// The session is absent at first.
    static var initial: Seen? { nil }

    var isOptional: Bool { false }

    func states(after state: Seen?) -> [Seen?] {
        switch self.operation {
        case .read(let seen):
            return seen == state ? [state] : []
        case .write(let version, let tag, let isDone):
            guard isDone == (state?.version == version) else { return [] }
            return [isDone ? Seen(version: (version ?? 0) + 1, tag: tag) : state]
        case .remove(let version, let isDone):
            guard isDone == (state == nil || version == nil || state?.version == version) else { return [] }
            return [isDone ? nil : state]
        }
    }
}
