// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A scan of all sessions: `SCAN` on one server after the other, and then the records of the keys that it gave.
///
/// `SCAN` decides by itself how many keys it gives. What does not fit on the page stands in the cursor.
struct SessionScan: Sendable {
    /// Where a scan is.
    struct Position: Hashable {
        /// The server that is asked next; empty for the only one.
        var server = ""
        /// The server's own cursor: "0" to begin, nil when no server is left to ask.
        var serverCursor: String? = "0"
        /// Keys that were given and did not fit.
        var ids: [SessionID] = []

        var isEnd: Bool { self.serverCursor == nil && self.ids.isEmpty }
    }

    let client: RedisClient
    let keys: SessionKeys
    let maximumRecordSize: Int

    /// How often the server is asked for a page. Most keys of a shared server may be other programs'.
    private static let maximumRounds = 20
    /// How many keys the server looks at, at least, before it answers. It serves no other client meanwhile: some 50
    /// microseconds for this many.
    private static let smallestCount = 100

    func page(from start: Position, limit: Int, at now: Date) async throws -> (sessions: [SessionSummary], Position) {
        var position = start
        var sessions: [SessionSummary] = []
        var rounds = 0
        while sessions.count < limit, !position.isEnd {
            if position.ids.isEmpty {
                guard rounds < Self.maximumRounds else { break }
                rounds += 1
                try await self.advance(&position, count: max(limit, Self.smallestCount))
            }
            let batch = position.ids.prefix(min(limit - sessions.count, UserList.width))
            position.ids.removeFirst(batch.count)
            sessions += try await self.summaries(of: batch, at: now)
        }
        return (sessions, position)
    }

    // MARK: - Keys

    /// Asks the server once, and turns to the next server when this one has given all keys.
    private func advance(_ position: inout Position, count: Int) async throws {
        guard let cursor = position.serverCursor else { return }
        let servers = try await self.client.router.servers()
        let server = servers.first { $0.description == position.server || position.server.isEmpty }
        guard servers.isEmpty ? position.server.isEmpty : server != nil else { throw InvalidScanCursor() }
        let arguments = [cursor, "MATCH", self.keys.pattern, "COUNT", "\(count)"].map { Array($0.utf8) }
        let reply = try await self.run(RedisCommand("SCAN", arguments), on: server)
        guard let (next, found) = Self.parts(of: reply) else { throw RedisStoreError.malformedReply }
        var seen = Set<SessionID>()
        position.ids = found.compactMap(self.keys.id).filter { seen.insert($0).inserted }
        position.server = server?.description ?? ""
        guard next == "0" else { return position.serverCursor = next }
        let following = servers.drop { $0 != server }.dropFirst().first
        position.serverCursor = following == nil ? nil : "0"
        position.server = following?.description ?? ""
    }

    /// The server's next cursor, and the keys, in a reply to SCAN; nil for any other reply.
    ///
    /// A cursor that is no number would be taken for the end of the scan, or for no cursor, when the next page is asked
    /// for.
    static func parts(of reply: RedisReply) -> (next: String, keys: [[UInt8]])? {
        guard let parts = reply.elements, parts.count == 2, let next = parts[0].text, !next.isEmpty,
            next.utf8.allSatisfy(\.isASCIIDigit), let keys = parts[1].elements
        else { return nil }
        return (next, keys.compactMap(\.bytes))
    }

    /// Runs a command on a server of the cluster, or on the only server.
    private func run(_ command: RedisCommand, on server: RedisAddress?) async throws -> RedisReply {
        guard let server else { return try await self.client.run(command) }
        do {
            let reply = try await self.client.router.node(at: server).send([command])[0]
            if let error = reply.error { throw RedisStoreError(error) }
            return reply
        } catch let failure as RedisFailure {
            throw failure.error
        }
    }

    // MARK: - Records

    /// The live sessions among some ids. What no request could read is passed over.
    private func summaries(of ids: ArraySlice<SessionID>, at now: Date) async throws -> [SessionSummary] {
        let replies = try await self.client.run(
            ids.map { id in
                let key = self.keys.session(id)
                return RedisCommand("GET", [key], key: key)
            })
        return zip(ids, replies).compactMap { id, reply in
            guard let bytes = reply.bytes,
                let record = try? RecordValue.decode(bytes, limit: self.maximumRecordSize),
                record.id == id, !record.isExpired(at: now)
            else { return nil }
            return SessionSummary(record)
        }
    }
}

/// The text of a cursor: the server, the server's cursor, and the ids, with slashes between them.
extension SessionScan.Position {
    init(_ cursor: SessionScanCursor) throws(InvalidScanCursor) {
        // The path of a Unix socket has slashes too, but no server of a cluster has one.
        let parts = cursor.description.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3, parts[1].isEmpty || parts[1].utf8.allSatisfy(\.isASCIIDigit),
            parts[2].utf8.count % (2 * SessionID.length) == 0
        else { throw InvalidScanCursor() }
        self.server = parts[0]
        self.serverCursor = parts[1].isEmpty ? nil : parts[1]
        let digits = Array(parts[2].utf8)
        for start in stride(from: 0, to: digits.count, by: 2 * SessionID.length) {
            let text = String(decoding: digits[start..<(start + 2 * SessionID.length)], as: UTF8.self)
            guard let id = SessionID(text) else { throw InvalidScanCursor() }
            self.ids.append(id)
        }
        guard !self.isEnd else { throw InvalidScanCursor() }
    }

    var cursor: SessionScanCursor {
        SessionScanCursor("\(self.server)/\(self.serverCursor ?? "")/\(self.ids.map(\.description).joined())")
    }
}
