// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Reads the segments of all processes, a closed one only once.
actor RevocationReader {
    private let store: any SessionStore
    /// The segments that were read to their end.
    private var finished: Set<SessionID> = []
    private var reading: Task<Void, any Error>?

    init(store: any SessionStore) {
        self.store = store
    }

    /// Reads, or waits for a reading that has begun.
    ///
    /// - Parameter take: Gets the entries, and when the reading began.
    func read(
        _ clock: SessionClock, _ take: @escaping @Sendable ([RevocationNews], _ beganAt: Date) -> Void
    ) async throws {
        if let reading = self.reading { return try await reading.value }
        let task = Task {
            defer { self.reading = nil }
            let beganAt = clock.now().wholeMilliseconds
            take(try await self.entries(at: beganAt), beganAt)
        }
        self.reading = task
        try await task.value
    }

    private func entries(at now: Date) async throws -> [RevocationNews] {
        let ids = Set(try await self.store.ids(ofUser: RevocationSegment.user, at: now))
        self.finished.formIntersection(ids)
        var entries: [RevocationNews] = []
        var closed: [SessionID] = []
        for id in ids.subtracting(self.finished) {
            // One that has gone meanwhile had nothing more to say.
            guard let record = try await self.store.read(id, at: now),
                let segment = try RevocationSegment.read(record)
            else { continue }
            entries += segment.entries.map { RevocationNews(entry: $0, retention: record.idleTimeout) }
            if segment.isClosed { closed.append(id) }
        }
        self.finished.formUnion(closed)
        return entries
    }
}
