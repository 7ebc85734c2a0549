// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import Sessions
import TestSupport
import Testing

@testable import SessionsDirectory

@Suite struct RecordFileTests {
    private let folder: TemporaryFolder
    private let store: DirectoryStore
    private let now = SampleRecords.now

    init() throws {
        self.folder = try TemporaryFolder()
        self.store = try self.folder.store()
    }

    @Test func anyRecordIsReadAsItWasWritten() throws {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<200 {
            let (first, second) = (SampleRecords.anything(&generator), SampleRecords.anything(&generator))
            var bytes = RecordFile.bytes(first)
            let file = try #require(RecordFile(bytes))
            #expect(file.record == first)
            guard let change = file.change(to: second) else { continue }
            bytes.apply(change.slot)
            bytes.apply(change.sequence)
            #expect(RecordFile(bytes)?.record == second)
            bytes.apply(change.undo)
            #expect(RecordFile(bytes)?.record == first)
        }
    }

    /// At each byte of a change, which is what a reader may see of it: the old record or none, and the new one at its
    /// end. So it is with the one after that, which writes over the first.
    @Test func aChangeThatIsCutShortNeverCounts() throws {
        var bytes = RecordFile.bytes(SampleRecords.record(version: 1, contents: "first"))
        for version in 2...4 {
            let file = try #require(RecordFile(bytes))
            let next = SampleRecords.record(version: version, contents: "number \(version)")
            let change = try #require(file.change(to: next))
            for count in 0...change.slot.bytes.count {
                var cut = bytes
                cut.apply(change.slot, first: count)
                #expect(RecordFile(cut)?.record == file.record)
            }
            bytes.apply(change.slot)
            for count in 0..<change.sequence.bytes.count {
                var cut = bytes
                cut.apply(change.sequence, first: count)
                let record = RecordFile(cut)?.record
                #expect(record == file.record || record == nil)
            }
            bytes.apply(change.sequence)
            #expect(RecordFile(bytes)?.record == next)
        }
    }

    /// Half of one write and half of another, as a disk may keep them in a power cut.
    @Test func aSequenceNumberWithoutItsRecordIsNotWhole() throws {
        let first = RecordFile.bytes(SampleRecords.record(contents: "first"))
        let file = try #require(RecordFile(first))
        let change = try #require(file.change(to: SampleRecords.record(version: 2, contents: "other")))
        var bytes = first
        bytes.apply(change.sequence)
        #expect(RecordFile(bytes) == nil)
        // Another write's record, which has as many bytes, between this one's sequence number and its seal.
        let other = try #require(file.change(to: SampleRecords.record(version: 2, contents: "third")))
        let record = 16..<(16 + SessionRecordCoder.encode(SampleRecords.record(version: 2, contents: "third")).count)
        bytes.apply(change.slot)
        #expect(RecordFile(bytes) != nil)
        bytes.replace(at: change.slot.offset + record.lowerBound, with: other.slot.bytes[record])
        #expect(RecordFile(bytes) == nil)
    }

    @Test func whatWasDeletedIsGoneAfterTwoWrites() throws {
        let secret = "the number of a card"
        var bytes = RecordFile.bytes(SampleRecords.record(contents: "\(String(repeating: "x", count: 100)) \(secret)"))
        for version in 2...3 {
            let empty = SampleRecords.record(version: version, contents: "")
            let change = try #require(RecordFile(bytes)?.change(to: empty))
            bytes.apply(change.slot)
            bytes.apply(change.sequence)
        }
        #expect(bytes.firstRange(of: Array(secret.utf8)) == nil)
    }

    @Test func aSessionThatDoesNotGrowKeepsItsFile() async throws {
        var record = SampleRecords.record()
        #expect(try await self.store.write(record, replacing: nil, at: self.now))
        let number = try self.fileNumber(record.id)
        for version in 2...20 {
            record.version = version
            record.contents = Array("contents \(version)".utf8)
            #expect(try await self.store.write(record, replacing: version - 1, at: self.now))
            #expect(try await self.store.read(record.id, at: self.now) == record)
            #expect(try self.fileNumber(record.id) == number)
        }
        record.version = 21
        record.contents = [UInt8](repeating: 7, count: 10_000)
        #expect(try await self.store.write(record, replacing: 20, at: self.now))
        #expect(try await self.store.read(record.id, at: self.now) == record)
        #expect(try self.fileNumber(record.id) != number)
    }

    @Test func aFileOfAnEarlierVersionIsReadAndGetsItsNewForm() async throws {
        let record = SampleRecords.record()
        try self.folder.write(SessionRecordCoder.encode(record), to: self.folder.recordPath(record.id))
        #expect(try await self.store.read(record.id, at: self.now) == record)
        let next = SampleRecords.record(version: 2, contents: "x")
        #expect(try await self.store.write(next, replacing: 1, at: self.now))
        #expect(try await self.store.read(record.id, at: self.now) == next)
        #expect(try self.folder.bytes(at: self.folder.recordPath(record.id)).starts(with: Array("DWF1".utf8)))
    }

    /// Another process is killed in the midst of a write.
    @Test func aWriterThatDiesLeavesTheOldRecordAndTheNextWriteSucceeds() async throws {
        let record = SampleRecords.record()
        #expect(try await self.store.write(record, replacing: nil, at: self.now))
        let path = self.folder.recordPath(record.id)
        let whole = try self.folder.bytes(at: path)
        let next = SampleRecords.record(version: 2, contents: "another")
        let change = try #require(RecordFile(whole)?.change(to: next))
        for count in [1, 100, change.slot.bytes.count] {
            var cut = whole
            cut.apply(change.slot, first: count)
            try self.folder.write(cut, to: path)
            #expect(try await self.store.read(record.id, at: self.now) == record)
        }
        #expect(try await self.store.write(next, replacing: 1, at: self.now))
        #expect(try await self.store.read(record.id, at: self.now) == next)
    }

    @Test func aChangeThatCannotBeWrittenLeavesTheOldRecord() throws {
        let store = try StoreFolder(path: self.folder.path + "/other", isDurable: false)
        let record = SampleRecords.record()
        try store.create("file", contents: RecordFile.bytes(record))
        let change = try #require(
            RecordFile(RecordFile.bytes(record))?.change(to: SampleRecords.record(version: 2)))
        // The system refuses to write to a file that is open for reading.
        try store.withFile("file", O_RDONLY) { file in
            let file = try #require(file)
            let error = #expect(throws: DirectoryStoreError.self) { try store.apply(change, to: file) }
            #expect(error?.kind == .system(operation: "write", errno: EBADF))
        }
        #expect(try store.contents(of: "file") == RecordFile.bytes(record))
    }

    /// The sequence number cannot be written, which would have made the change count.
    @Test func aChangeThatFailsAtItsEndIsTakenBack() throws {
        let store = try StoreFolder(path: self.folder.path + "/other", isDurable: true)
        let bytes = RecordFile.bytes(SampleRecords.record())
        try store.create("file", contents: bytes)
        let change = try #require(RecordFile(bytes)?.change(to: SampleRecords.record(version: 2)))
        let impossible = RecordFile.Part(offset: -1, bytes: change.sequence.bytes)
        let undo = RecordFile.Part(offset: change.undo.offset, bytes: [UInt8](repeating: 0xEE, count: 8))
        let failing = RecordFile.Change(slot: change.slot, sequence: impossible, undo: undo)
        try store.withFile("file") { file in
            let file = try #require(file)
            #expect(throws: DirectoryStoreError.self) { try store.apply(failing, to: file) }
        }
        let found = try #require(try store.contents(of: "file"))
        #expect(found[undo.offset..<(undo.offset + 8)].allSatisfy { $0 == 0xEE })
    }

    /// A record that is whole in every other way. More of such a file could fill the memory.
    @Test func aFileThatIsTooLargeIsNotReadAndMayBeReplaced() async throws {
        let large = SampleRecords.record(contents: String(repeating: "x", count: 26 << 20))
        try self.folder.write(RecordFile.bytes(large), to: self.folder.recordPath(large.id))
        #expect(try await self.store.read(large.id, at: self.now) == nil)
        #expect(try await self.store.write(SampleRecords.record(), replacing: nil, at: self.now))
        #expect(try await self.store.read(large.id, at: self.now) == SampleRecords.record())
    }

    @Test func whatCouldNotBeReadAgainIsNotWritten() async throws {
        let large = SampleRecords.record(contents: String(repeating: "x", count: 26 << 20))
        let error = await #expect(throws: DirectoryStoreError.self) {
            try await self.store.write(large, replacing: nil, at: self.now)
        }
        #expect(error?.kind == .system(operation: "write", errno: EFBIG))
        #expect(try self.folder.files("records").isEmpty)
        #expect(try self.folder.files("tmp").isEmpty)
        let largest = SampleRecords.record(contents: String(repeating: "x", count: 25 << 20))
        #expect(try await self.store.write(largest, replacing: nil, at: self.now))
        // Not compared in the expectation, which would print 25 MiB.
        let isTheSame = try await self.store.read(largest.id, at: self.now) == largest
        #expect(isTheSame)
    }

    private func fileNumber(_ id: SessionID) throws -> UInt64 {
        let attributes = try FileManager.default.attributesOfItem(atPath: self.folder.recordPath(id))
        return try #require(attributes[.systemFileNumber] as? NSNumber).uint64Value
    }
}

extension [UInt8] {
    /// Applies the first bytes of a part, or all.
    fileprivate mutating func apply(_ part: RecordFile.Part, first count: Int = .max) {
        self.replace(at: part.offset, with: part.bytes.prefix(count))
    }

    fileprivate mutating func replace(at offset: Int, with bytes: some Collection<UInt8>) {
        self.replaceSubrange(offset..<(offset + bytes.count), with: bytes)
    }
}
