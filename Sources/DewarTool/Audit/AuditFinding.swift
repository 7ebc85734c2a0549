// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// Something that a site sends and should not, or the other way round.
struct AuditFinding: Hashable {
    enum Severity: Int, Comparable, CaseIterable {
        case critical, high, medium, low

        static func < (one: Severity, other: Severity) -> Bool { one.rawValue < other.rawValue }

        var name: String { "\(self)" }
    }

    let severity: Severity
    /// The requirement, as docs/SECURITY-REQUIREMENTS.md names it.
    let requirement: String
    /// What was seen. The values of cookies are never in it.
    let seen: String
    /// The Swift that changes it.
    let change: String

    init(_ severity: Severity, _ requirement: String, _ seen: String, change: String) {
        self.severity = severity
        self.requirement = requirement
        self.seen = seen
        self.change = change
    }

    /// The finding on two lines.
    func lines(_ style: Style) -> [String] {
        let name = Printable.padded(self.severity.name, 9)
        let shown = self.severity <= .high ? style.red(name) : self.severity == .medium ? style.yellow(name) : name
        return ["\(shown) \(Printable.text(self.seen)) [\(self.requirement)]", "          change: \(self.change)"]
    }

    var json: JSON {
        .object([
            "severity": .string(self.severity.name), "requirement": .string(self.requirement),
            "seen": .string(self.seen), "change": .string(self.change),
        ])
    }
}
