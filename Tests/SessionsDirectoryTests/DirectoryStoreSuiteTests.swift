// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions
import SessionsTesting
import Testing

@Suite struct DirectoryStoreSuiteTests {
    @Test func theSuitePasses() async throws {
        let folder = try TemporaryFolder()
        try await SessionStoreSuite { try folder.store() }.run()
    }
}
