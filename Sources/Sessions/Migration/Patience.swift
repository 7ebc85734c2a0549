// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// How often in a row somebody may come in between at one version of a session. Who comes in between has got further,
/// and one version leaves few steps to do so; a store that refuses to replace what it gives must not hang the server.
struct Patience {
    private static let limit = 100

    private var version: Int?
    private var count = 0

    mutating func use(on version: Int?) throws {
        self.count = version == self.version ? self.count + 1 : 0
        self.version = version
        guard self.count < Self.limit else { throw StoreFault.refusal }
    }
}
