// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import HummingbirdCore
import Logging
import NIOCore
import Synchronization
import TestSupport
import Testing

@testable import Dewar

/// The bodies of files that change while they are sent.
@Suite struct StaticFileBodyTests {
    private let folder: TemporaryFolder
    private let size = 3 * StaticFile.chunkSize

    init() throws {
        self.folder = try TemporaryFolder()
        try Data(repeating: 7, count: self.size).write(to: URL(fileURLWithPath: self.folder.file("a.bin")))
    }

    @Test func aFileThatGrowsIsSentAsFarAsWasAnnounced() async throws {
        let (count, isFinished) = try await self.send(0..<self.size) { truncate($0, off_t(2 * self.size)) }
        #expect(count == self.size)
        #expect(isFinished)
    }

    @Test(arguments: [true, false]) func aFileThatShrinksIsNotFinished(isHeld: Bool) async throws {
        let file = try self.file(held: isHeld)
        let log = LogRecorder()
        let writer = CountingWriter { truncate(self.folder.file("a.bin"), 5) }
        await #expect(throws: isHeld ? StaticFileError.shortened : .replaced) {
            try await file.body(0..<self.size, logger: log.logger).write(writer)
        }
        #expect(writer.count.withLock { $0 } == StaticFile.chunkSize)
        #expect(!writer.isFinished.withLock { $0 })
        #expect(log.text.contains(isHeld ? "a static file became shorter while it was sent" : "too many were open"))
    }

    @Test func aFileThatIsReplacedIsSentAsItWas() async throws {
        let (count, isFinished) = try await self.send(5..<self.size) { path in
            let file = Data("new".utf8)
            try? file.write(to: URL(fileURLWithPath: path), options: .atomic)
        }
        #expect(count == self.size - 5)
        #expect(isFinished)
    }

    @Test func aFileThatIsOpenedForEachPartIsSentWhileItStaysTheSame() async throws {
        let (count, isFinished) = try await self.send(5..<self.size, held: false) { _ in }
        #expect(count == self.size - 5)
        #expect(isFinished)
        await #expect(throws: StaticFileError.replaced) {
            _ = try await self.send(0..<self.size, held: false) { path in
                try? Data(repeating: 8, count: self.size).write(to: URL(fileURLWithPath: path), options: .atomic)
            }
        }
        await #expect(throws: StaticFileError.replaced) {
            _ = try await self.send(0..<self.size, held: false) { unlink($0) }
        }
    }

    /// A release with dates that are all the same: only the file itself tells that it is another one.
    @Test func anotherFileOfTheSameSizeAndDateIsAnotherOne() async throws {
        let date = Date(timeIntervalSince1970: 1_000_000_000)
        let (old, new) = (self.folder.file("a.bin"), self.folder.file("b.bin"))
        try Data(repeating: 8, count: self.size).write(to: URL(fileURLWithPath: new))
        for path in [old, new] {
            try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: path)
        }
        await #expect(throws: StaticFileError.replaced) {
            _ = try await self.send(0..<self.size, held: false) { _ in rename(new, old) }
        }
    }

    @Test func noMoreFilesStayOpenThanTheQuota() throws {
        let folder = StaticFolder(path: self.folder.path, servesHiddenFiles: false)
        let quota = OpenFileQuota(maximum: 2)
        var held = try (0..<4).map { _ in quota.hold(try folder.open("a.bin")) }
        #expect(held.map { $0 != nil } == [true, true, false, false])
        held[1] = nil
        held[2] = try quota.hold(folder.open("a.bin"))
        held[3] = try quota.hold(folder.open("a.bin"))
        #expect(held.map { $0 != nil } == [true, false, true, false])
    }

    private func file(held: Bool) throws -> SentFile {
        let folder = StaticFolder(path: self.folder.path, servesHiddenFiles: false)
        return SentFile(
            try folder.open("a.bin"), named: "a.bin", in: folder, holding: OpenFileQuota(maximum: held ? 1 : 0))
    }

    private func send(
        _ range: Range<Int>, held: Bool = true, change: @escaping @Sendable (String) -> Void
    ) async throws -> (Int, Bool) {
        let path = self.folder.file("a.bin")
        let file = try self.file(held: held)
        let writer = CountingWriter { change(path) }
        try await file.body(range, logger: LogRecorder().logger).write(writer)
        return (writer.count.withLock { $0 }, writer.isFinished.withLock { $0 })
    }
}

/// Counts what is written, and calls a closure after the first piece.
private final class CountingWriter: ResponseBodyWriter, Sendable {
    let count = Mutex(0)
    let isFinished = Mutex(false)
    private let afterFirst: @Sendable () -> Void

    init(afterFirst: @escaping @Sendable () -> Void) {
        self.afterFirst = afterFirst
    }

    func write(_ buffer: ByteBuffer) async throws {
        let isFirst = self.count.withLock { count in
            defer { count += buffer.readableBytes }
            return count == 0
        }
        if isFirst { self.afterFirst() }
    }

    func finish(_ trailingHeaders: HTTPFields?) async throws {
        self.isFinished.withLock { $0 = true }
    }
}
