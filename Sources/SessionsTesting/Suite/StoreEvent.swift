// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// An operation on one session, when it began and ended, and what it gave.
struct StoreEvent: Sendable, CustomStringConvertible {
    /// What a record holds, as far as the order of operations shows in it.
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

    /// What is there after the operation, or nil when it cannot have given what it gave with `state` there before.
    func applied(to state: Seen?) -> Seen?? {
        switch self.operation {
        case .read(let seen):
            return seen == state ? .some(state) : nil
        case .write(let version, let tag, let isDone):
            guard isDone == (state?.version == version) else { return nil }
            return .some(isDone ? Seen(version: (version ?? 0) + 1, tag: tag) : state)
        case .remove(let version, let isDone):
            guard isDone == (state == nil || version == nil || state?.version == version) else { return nil }
            return .some(isDone ? nil : state)
        }
    }

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
