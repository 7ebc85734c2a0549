// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Appends this process's entries to its own segments, one write at a time, with all that has come up meanwhile.
actor RevocationWriter {
    private let store: any SessionStore
    private let random: SessionRandom
    /// The segment that is being filled, as the store has it.
    private var segment: RevocationSegment?
    private var writing: Task<Void, any Error>?

    init(store: any SessionStore, random: SessionRandom) {
        self.store = store
        self.random = random
    }

    /// Returns when there was nothing left to take, or all that was taken is written.
    ///
    /// - Parameters:
    ///   - now: The current time.
    ///   - take: Takes what is to be written.
    ///   - giveBack: Gets it back when it could not be.
    func write(
        at now: Date, take: @Sendable () -> [RevocationEntry],
        giveBack: @escaping @Sendable ([RevocationEntry]) -> Void
    ) async throws {
        // Another's write may have what this one is to write; if it failed, it has been given back by then.
        while let writing = self.writing { _ = try? await writing.value }
        let entries = take()
        guard !entries.isEmpty else { return }
        // In a task of its own: a client that hangs up ends no write.
        let task = Task {
            defer { self.writing = nil }
            do {
                try await self.append(entries, at: now)
            } catch {
                giveBack(entries)
                throw error
            }
        }
        self.writing = task
        try await task.value
    }

    private func append(_ entries: [RevocationEntry], at now: Date) async throws {
        var left = entries[...]
        while !left.isEmpty {
            var segment = self.segment ?? RevocationSegment(id: SessionID(using: self.random), at: now)
            // After a failure nobody knows what the store has, and another segment begins. To be told twice does no
            // harm.
            self.segment = nil
            let part = left.prefix(segment.room)
            left = left.dropFirst(part.count)
            segment.append(part, at: now)
            let isWritten = try await self.store.write(
                segment.record(at: now), replacing: segment.replacedVersion, at: now)
            guard isWritten else { throw RevocationFault.refusal }
            if !segment.isClosed { self.segment = segment }
        }
    }
}
