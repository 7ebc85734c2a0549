// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The copy of all live sessions from one store to another.
struct SessionCopy: CustomStringConvertible {
    /// What became of a session.
    enum Outcome {
        case copied, present, newer, gone, inUse
    }

    private let source: any ScannableSessionStore
    private let target: any SessionStore
    private let begin = Date()
    private var cursor: SessionScanCursor?
    private var counts: [Outcome: Int] = [:]

    /// How many sessions are copied at once.
    private static let width = 16

    init(from source: any ScannableSessionStore, to target: any SessionStore, cursor: SessionScanCursor? = nil) {
        self.source = source
        self.target = target
        self.cursor = cursor
    }

    /// - Throws: ``ToolError`` that says where to go on, if the copy does not get to the end.
    mutating func run() async throws {
        var progress = Progress("copying", total: Console.isErrorTerminal ? try await self.count() : nil)
        defer { progress.end() }
        repeat {
            let next: SessionScanCursor?
            do {
                next = try await self.copyPage()
            } catch {
                guard let cursor = self.cursor, !(error is InvalidScanCursor) else { throw error }
                throw ToolError("\(error) To go on from here: --after '\(cursor)'")
            }
            // No cursor goes with it: what was copied may have ended since, and would be back in the other store.
            guard self.counts[.inUse] == nil else { throw Self.inUse }
            progress.show(self.counts.values.reduce(0, +))
            self.cursor = next
        } while self.cursor != nil
    }

    private static let inUse = ToolError(
        "The store is in use: sessions in it have changed since the copy began. Stop the servers, and begin again with "
            + "an empty store, because a session that was copied may have ended since. Or use MigratingStore "
            + "(docs/MIGRATING.md).")

    /// Copies the page after the cursor, and gives the cursor of the next one.
    private mutating func copyPage() async throws -> SessionScanCursor? {
        let page = try await self.source.scan(after: self.cursor, limit: 500, at: self.begin)
        let sessions = page.sessions.filter(\.isSession)
        for outcome in try await self.copy(sessions.map(\.id)) { self.counts[outcome, default: 0] += 1 }
        // What Dewar itself keeps beside the sessions goes along, and is not counted.
        let others = try await self.copy(page.sessions.filter { !$0.isSession }.map(\.id))
        if others.contains(.inUse) { self.counts[.inUse, default: 0] += 1 }
        return page.next
    }

    private func count() async throws -> Int {
        var (count, cursor) = (0, self.cursor)
        repeat {
            let page = try await self.source.scan(after: cursor, limit: 1000, at: self.begin)
            count += page.sessions.count { $0.isSession }
            cursor = page.next
        } while cursor != nil
        return count
    }

    private func copy(_ ids: [SessionID]) async throws -> [Outcome] {
        try await withThrowingTaskGroup(of: Outcome.self) { group in
            var outcomes: [Outcome] = []
            for (number, id) in ids.enumerated() {
                if number >= Self.width, let outcome = try await group.next() { outcomes.append(outcome) }
                group.addTask { [self] in try await self.copy(id) }
            }
            for try await outcome in group { outcomes.append(outcome) }
            return outcomes
        }
    }

    private func copy(_ id: SessionID) async throws -> Outcome {
        guard let record = try await self.source.read(id, at: self.begin) else { return .gone }
        // The record of a session that is in use would be out of date in the other store.
        guard record.lastUsedAt <= self.begin, record.createdAt <= self.begin else { return .inUse }
        while true {
            let present = try await self.target.read(id, at: self.begin)
            if let present, present.version > record.version { return .newer }
            if let present, present.version == record.version { return present == record ? .present : .newer }
            if try await self.target.write(record, replacing: present?.version, at: self.begin) { return .copied }
        }
    }

    private func count(_ outcome: Outcome) -> Int { self.counts[outcome] ?? 0 }

    var description: String {
        "\(Printable.count(self.count(.copied))) copied, \(Printable.count(self.count(.present))) were there already, "
            + "\(Printable.count(self.count(.newer))) are newer there"
    }

    var json: JSON {
        .object([
            "copied": .int(self.count(.copied)), "present": .int(self.count(.present)),
            "newer": .int(self.count(.newer)), "ended": .int(self.count(.gone)),
        ])
    }
}
