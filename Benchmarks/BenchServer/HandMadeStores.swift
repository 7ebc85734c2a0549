// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dispatch
import Foundation
import GRDB
import NIOCore
import NIOPosix
import Synchronization

/// Where a hand-made server keeps bytes by a key: the fewest steps that get them there and back. None of these stores
/// compares versions, knows users, ends a session, limits a size or survives a lost connection.
protocol HandMadeStore: Sendable {
    func read(_ key: String) async throws -> [UInt8]?
    func write(_ key: String, _ bytes: [UInt8]) async throws
}

/// A dictionary behind a lock.
final class HandMadeDictionary: HandMadeStore {
    private let contents = Mutex<[String: [UInt8]]>([:])

    func read(_ key: String) -> [UInt8]? { self.contents.withLock { $0[key] } }
    func write(_ key: String, _ bytes: [UInt8]) { self.contents.withLock { $0[key] = bytes } }
}

/// A file for each key, read and overwritten on another thread.
struct HandMadeFiles: HandMadeStore {
    let folder: String
    private let queue = DispatchQueue(label: "files")

    init(folder: String) throws {
        self.folder = folder
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    func read(_ key: String) async throws -> [UInt8]? {
        await self.withFile(key) { descriptor in
            var bytes = [UInt8](repeating: 0, count: 256)
            let count = unsafe pread(descriptor, &bytes, bytes.count, 0)
            return count > 0 ? Array(bytes.prefix(count)) : nil
        }
    }

    func write(_ key: String, _ bytes: [UInt8]) async throws {
        _ = await self.withFile(key) { unsafe pwrite($0, bytes, bytes.count, 0) }
    }

    private func withFile<Value: Sendable>(
        _ key: String, _ work: @escaping @Sendable (Int32) -> Value
    ) async -> Value {
        await withCheckedContinuation { continuation in
            self.queue.async {
                let descriptor = open("\(self.folder)/\(key)", O_RDWR | O_CREAT, 0o600)
                defer { close(descriptor) }
                continuation.resume(returning: work(descriptor))
            }
        }
    }
}

/// A table of two columns, in a database that one thread uses.
struct HandMadeTable: HandMadeStore {
    private let database: DatabaseQueue

    init(path: String) throws {
        self.database = try DatabaseQueue(path: path)
        try self.database.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL")
            try database.execute(sql: "CREATE TABLE session (id TEXT PRIMARY KEY, contents BLOB) WITHOUT ROWID")
        }
    }

    func read(_ key: String) async throws -> [UInt8]? {
        try await self.onThread { database in
            let statement = try database.cachedStatement(sql: "SELECT contents FROM session WHERE id = ?")
            return try Data.fetchOne(statement, arguments: [key]).map { Array($0) }
        }
    }

    func write(_ key: String, _ bytes: [UInt8]) async throws {
        try await self.onThread { database in
            let statement = try database.cachedStatement(sql: "INSERT OR REPLACE INTO session VALUES (?, ?)")
            try statement.execute(arguments: [key, Data(bytes)])
        }
    }

    private func onThread<Value: Sendable>(
        _ work: @escaping @Sendable (Database) throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            self.database.asyncWriteWithoutTransaction { database in
                continuation.resume(with: Result { try work(database) })
            }
        }
    }
}

/// `GET` and `SET` over one connection.
struct HandMadeRedis: HandMadeStore {
    private let channel: any Channel

    init(url: String) async throws {
        guard let parts = URLComponents(string: url), let host = parts.host, let port = parts.port else {
            throw URLError(.badURL)
        }
        self.channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { $0.pipeline.addHandler(Replies()) }
            .connect(host: host, port: port).get()
        _ = try await self.ask("SELECT \(parts.path.dropFirst())\r\n")
    }

    func read(_ key: String) async throws -> [UInt8]? {
        let reply = try await self.ask("GET \(key)\r\n")
        return reply.readableBytesView.firstIndex(of: UInt8(ascii: "\n")).map { line in
            Array(reply.readableBytesView[(line + 1)...].dropLast(2))
        }
    }

    func write(_ key: String, _ bytes: [UInt8]) async throws {
        _ = try await self.ask("SET \(key) \(String(decoding: bytes, as: UTF8.self))\r\n")
    }

    private func ask(_ command: String) async throws -> ByteBuffer {
        try await withCheckedThrowingContinuation { continuation in
            self.channel.writeAndFlush(
                Command(bytes: ByteBuffer(string: command), reply: continuation), promise: nil)
        }
    }

    private struct Command: Sendable {
        let bytes: ByteBuffer
        let reply: CheckedContinuation<ByteBuffer, any Error>
    }

    /// Gives replies to their commands, in order. A reply is a line, or two after a `$`.
    private final class Replies: ChannelDuplexHandler, Sendable {
        typealias InboundIn = ByteBuffer
        typealias OutboundIn = Command
        typealias OutboundOut = ByteBuffer

        private struct State {
            var waiting = CircularBuffer<CheckedContinuation<ByteBuffer, any Error>>()
            var bytes = ByteBuffer()
        }

        private let state = Mutex(State())

        func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
            let command = self.unwrapOutboundIn(data)
            self.state.withLock { $0.waiting.append(command.reply) }
            context.write(self.wrapOutboundOut(command.bytes), promise: promise)
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            var arrived = self.unwrapInboundIn(data)
            self.state.withLock { state in
                state.bytes.writeBuffer(&arrived)
                while let length = Self.length(state.bytes.readableBytesView),
                    let reply = state.bytes.readSlice(length: length)
                {
                    state.waiting.popFirst()?.resume(returning: reply)
                }
                state.bytes.discardReadBytes()
            }
        }

        private static func length(_ bytes: ByteBufferView) -> Int? {
            guard let first = bytes.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
            if bytes.first != UInt8(ascii: "$") { return first + 1 - bytes.startIndex }
            return bytes[(first + 1)...].firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 - bytes.startIndex }
        }
    }
}
