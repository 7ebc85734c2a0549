// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

extension SessionEvents {
    /// What has come since the last time, a line each: what happened, and who was signed in.
    func takeLines() -> [String] {
        self.takeAll().map { "\($0.kind.name) \($0.user ?? "nobody")" }
    }
}
