// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import ArgumentParser

/// Asks before something that cannot be undone.
struct Confirmation: ParsableArguments {
    @Flag(name: [.customShort("y"), .long], help: "Do not ask; for scripts.")
    var yes = false

    /// - Throws: ``ToolError`` when the user says no, and when there is no terminal.
    func check(_ question: String) throws {
        guard !self.yes else { return }
        guard Console.canAsk else {
            throw ToolError("This asks first, and there is no terminal to ask on: say --yes.", status: .usage)
        }
        guard Console.confirms(question) else { throw ToolError("Nothing was changed.") }
    }
}
