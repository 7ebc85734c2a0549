// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// Waits for changes of an app's files by looking again and again, which works on every system and file system.
struct SourceWatcher: Sendable {
    /// Looks at the files.
    let scan: @Sendable () -> SourceSnapshot
    /// Waits; throws when the task is cancelled.
    let sleep: @Sendable (Duration) async throws -> Void
    /// A restart that a person asks for, which ends the wait as a change does.
    var request = RestartRequest()

    private static let interval: Duration = .milliseconds(300)

    /// Waits until the files differ from a snapshot, and then until they are quiet: an editor writes several.
    ///
    /// - Returns: The files that have changed; none if a person has asked for a restart.
    /// - Throws: `CancellationError`.
    func change(since snapshot: SourceSnapshot) async throws -> [String] {
        var last = self.scan()
        while true {
            let differences = snapshot.differences(to: last)
            try await self.sleep(Self.interval)
            if self.request.take() { return [] }
            let now = self.scan()
            if !differences.isEmpty, now == last { return differences }
            last = now
        }
    }
}
