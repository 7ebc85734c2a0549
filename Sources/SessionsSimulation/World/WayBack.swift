// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import SessionsMigration

/// What an operator remembers of a migration that may have to be undone.
struct WayBack {
    private(set) var hasBegun = false
    /// The last stage that the site has been in.
    private(set) var furthest = Stage.first
    /// Whether the log of a process has named failed copies.
    private(set) var hasFailedCopies = false

    mutating func begin(from stage: Stage) {
        self.hasBegun = true
        self.furthest = max(self.furthest, stage)
    }

    mutating func note(_ stage: Stage, _ progress: [MigrationProgress]) {
        self.furthest = max(self.furthest, stage)
        if progress.contains(where: { $0.failedCopies > 0 }) { self.hasFailedCopies = true }
    }

    /// Whether every session has a copy in the old store.
    var isShort: Bool { self.furthest < .fifth && !self.hasFailedCopies }
}
