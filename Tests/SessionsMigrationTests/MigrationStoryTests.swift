// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions
import TestSupport
import Testing

@Suite struct MigrationStoryTests {
    /// From the old store to the new one and back, stop by stop, with everybody going on: no sign-out, no lost count.
    @Test func nobodyNoticesThatTheSiteMoves() async throws {
        let story = try MigrationStory(from: JitterStore(MemoryStore()), to: JitterStore(MemoryStore()))
        let requests = try await story.run()
        #expect(story.problems == [])
        #expect(requests > 5000)
    }

    /// Whoever is in doubt goes back before anything has moved, without waiting.
    @Test func theWayBackIsOpenFromEveryPhase() async throws {
        for last in [1, 2, 3] {
            let there = Array(MigrationStory.Stop.journey.prefix(last))
            let back = [MigrationStory.Stop.old] + MigrationStory.Stop.journey.prefix(last - 1)
            let story = try MigrationStory(from: JitterStore(MemoryStore()), to: JitterStore(MemoryStore()))
            _ = try await story.run(visitors: 8, stops: there + back.reversed())
            #expect(story.problems == [])
        }
    }
}
