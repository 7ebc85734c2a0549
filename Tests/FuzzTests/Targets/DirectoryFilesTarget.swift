// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import Logging
import Sessions

@testable import SessionsDirectory

extension FuzzTarget {
    /// The first byte says whether the input is the name of a marker, a session's file, or the fields of a record,
    /// which is alone in its file, as an earlier version wrote it, and then in a slot.
    static let directoryFiles = FuzzTarget("directory-files", "what lies in the folder of a directory store") { input in
        let (way, rest) = input.choice(of: 3)
        if way == 0 { return try Self.checkNames(rest.text) }
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
        guard let record = try files.record(id), FuzzRecord.hasExactTimes(record) else { return }
        try require(record.id == id, "the file of a session holds another session")
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
