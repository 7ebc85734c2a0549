// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import Logging
import Sessions

@testable import SessionsDirectory

extension FuzzTarget {
    /// The first byte says whether the input is the name of a marker, a session's file, the fields of a record, which is
    /// alone in its file, as an earlier version wrote it, and then in a slot, or what two sealed slots are made of.
    static let directoryFiles = FuzzTarget("directory-files", "what lies in the folder of a directory store") { input in
        let (way, rest) = input.choice(of: 4)
        if way == 0 { return try Self.checkNames(rest.text) }
        if way == 3 { return try Self.checkSlots(FuzzRecordFile(rest)) }
        let contents = way == 1 ? rest : FuzzRecord.bytes(fields: rest)
        try Self.checkFile(contents)
        if let record = SessionRecordCoder.decode(contents) { try Self.checkFile(RecordFile.bytes(record)) }
    }

    /// What a file must do that holds these bytes.
    private static func checkFile(_ contents: [UInt8]) throws {
        let id = FuzzSetting.id
        let files = DirectoryFiles(
            folder: try FuzzFolder.shared.get(), logger: Logger(label: "fuzz") { _ in SwiftLogNoOpLogHandler() })
        let path = "records/\(Hex.text(id.bytes.prefix(1)))/\(id)"
        files.folder.discard(path)
        try files.folder.create(path, contents: contents)
        defer { files.folder.discard(path) }
        let whole = RecordFile(contents)?.record
        let found = try files.record(id)
        try require(found == (whole?.id == id ? whole : nil), "the file of a session holds another session, or none")
        guard let record = found else { return try Self.checkReplacing(contents, in: files) }
        guard FuzzRecord.hasExactTimes(record) else { return }
        var next = record
        next.version = 1
        let now = record.expiresAt.addingTimeInterval(-1)
        guard !record.isExpired(at: now) else { return }
        try require(try files.write(next, replacing: record.version, at: now), "a record of the right version stays")
        try require(try files.record(id) == next, "what was written is not what is read")
        // Once more: each slot of the file has had its turn.
        next.contents.reverse()
        try require(try files.write(next, replacing: 1, at: now), "a record that was written stays")
        try require(try files.record(id) == next, "what was written again is not what is read")
        try require(try files.remove(id, ifVersion: 1), "a record of the right version is not removed")
        try require(try files.record(id) == nil, "a record that was removed is there")
    }

    /// A file of slots without a record, or with another session's, is damaged: a session that begins takes its place.
    private static func checkReplacing(_ contents: [UInt8], in files: DirectoryFiles) throws {
        guard contents.starts(with: "DWF1".utf8) else { return }
        let id = FuzzSetting.id
        let record = SessionRecord(
            id: id, secretHash: [UInt8](repeating: 2, count: 32), createdAt: FuzzSetting.moment,
            idleTimeout: .seconds(60))
        try require(
            try files.write(record, replacing: nil, at: FuzzSetting.moment), "a damaged file keeps a session away")
        try require(try files.record(id) == record, "a session that takes a damaged file's place is not read")
        try require(try files.remove(id, ifVersion: 1), "a session that took a damaged file's place is not removed")
    }

    /// The record that a file of two slots has, and no other, whatever else is in it; then as any file.
    private static func checkSlots(_ file: FuzzRecordFile) throws {
        let found = RecordFile(file.bytes)
        try require(found?.record == file.record, "another slot counts than the one of the number in front")
        if let found, FuzzRecord.hasExactTimes(found.record) { try Self.checkChange(of: found, in: file.bytes) }
        try Self.checkFile(file.bytes)
    }

    /// Up to the last byte of a change the old record counts, and then the new one: a writer may die at any byte.
    private static func checkChange(of file: RecordFile, in bytes: [UInt8]) throws {
        var next = file.record
        next.version &+= 1
        next.contents.reverse()
        guard let change = file.change(to: next) else { return }
        var torn = bytes
        // A third of the slot, two thirds, and all of it: to read the file after each byte would take too long.
        for third in 1...3 {
            Self.write(change.slot, upTo: change.slot.bytes.count * third / 3, to: &torn)
            try require(RecordFile(torn)?.record == file.record, "a slot counts that no number in front names")
        }
        let whole = torn
        for count in 1...change.sequence.bytes.count {
            Self.write(change.sequence, upTo: count, to: &torn)
            let record = RecordFile(torn)?.record
            try require(record == nil || record == file.record || record == next, "half a number names another slot")
        }
        try require(RecordFile(torn)?.record == next, "what was written does not count")
        Self.write(change.undo, upTo: change.undo.bytes.count, to: &torn)
        try require(torn == whole && RecordFile(torn)?.record == file.record, "what was taken back counts")
    }

    private static func write(_ part: RecordFile.Part, upTo count: Int, to bytes: inout [UInt8]) {
        bytes.replaceSubrange(part.offset..<(part.offset + count), with: part.bytes.prefix(count))
    }

    private static func checkNames(_ name: String) throws {
        if let number = ExpiryMarker.number(name) {
            try require(
                ExpiryMarker.path(ofStretch: number) == "\(ExpiryMarker.top)/\(name)", "a folder of another name")
        }
        if let marker = ExpiryMarker(name: name, folder: 7) {
            try require(marker.path == "\(ExpiryMarker.path(ofFolder: 7))/\(name)", "a marker of another name")
        }
        if let id = SessionID(name) { try require(isSame(id.description, name.lowercased()), "an id of another name") }
    }
}

/// A folder of the process's own, which ends with it.
private enum FuzzFolder {
    static let url = URL.temporaryDirectory.appending(path: "dewar-fuzz-\(ProcessInfo.processInfo.processIdentifier)")
    static let shared = Result {
        atexit { try? FileManager.default.removeItem(at: FuzzFolder.url) }
        return try StoreFolder(path: FuzzFolder.url.path(), isDurable: false)
    }
}
