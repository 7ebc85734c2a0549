// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// A bar on a terminal that shows how far a command is; nothing anywhere else.
struct Progress {
    private let label: String
    private let total: Int?
    private let isShown: Bool
    private var shownAt = ContinuousClock.Instant?.none

    /// - Parameter total: How much there is to do; nil if that is not known.
    init(_ label: String, total: Int? = nil, isShown: Bool = Console.isErrorTerminal) {
        self.label = label
        self.total = total
        self.isShown = isShown
    }

    /// Shows a count, at most ten times a second.
    mutating func show(_ done: Int) {
        guard self.isShown, self.shownAt.map({ .now - $0 > .milliseconds(100) }) ?? true else { return }
        self.shownAt = .now
        Console.rewrite(Self.line(self.label, done, of: self.total))
    }

    /// Takes the bar away.
    func end() {
        if self.isShown { Console.rewrite("") }
    }

    static func line(_ label: String, _ done: Int, of total: Int?) -> String {
        guard let total, total > 0 else { return "\(label) \(Printable.count(done))" }
        let share = min(max(done, 0), total) * 30 / total
        let bar = String(repeating: "█", count: share) + String(repeating: "░", count: 30 - share)
        return "\(label) \(bar) \(Printable.count(done)) of \(Printable.count(total))"
    }
}
