// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions
import Testing

@testable import SessionsHummingbird

/// What the service does with the file is in `KeyFileFollowTests`.
@Suite struct KeyFileServiceTests {
    /// `docs/KEYS.md` promises it, and `App` sets nothing else.
    @Test func theFileIsCheckedEveryTwoSeconds() throws {
        let sessions = try SessionManager(keys: "a key for tests", configuration: .flask)
        #expect(KeyFileService(sessions, keyFile: "/nowhere").interval == .seconds(2))
    }
}
