// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Colours, on a terminal only, and not if the user does not want any: <https://no-color.org>.
struct Style {
    let isOn: Bool

    static let current = Style(isOn: Self.isWanted(by: ProcessInfo.processInfo.environment) && Console.isTerminal)

    static func isWanted(by environment: [String: String]) -> Bool {
        environment["NO_COLOR"]?.isEmpty ?? true && environment["TERM"] != "dumb"
    }

    func bold(_ text: String) -> String { self.code(1, text) }
    func dim(_ text: String) -> String { self.code(2, text) }
    func red(_ text: String) -> String { self.code(31, text) }
    func green(_ text: String) -> String { self.code(32, text) }
    func yellow(_ text: String) -> String { self.code(33, text) }

    private func code(_ number: Int, _ text: String) -> String {
        self.isOn ? "\u{1B}[\(number)m\(text)\u{1B}[0m" : text
    }
}
