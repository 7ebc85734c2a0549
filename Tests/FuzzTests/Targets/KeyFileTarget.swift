// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import SessionsKeys

extension FuzzTarget {
    static let keyFile = FuzzTarget("key-file", "a key file, and what the command `dewar key` makes of it") { input in
        guard let file = try? KeyFile(input, path: "keys") else { return }
        try Self.readAgain(file)
        let new = SecretKey("a key that the fuzzer adds, and that is in no file")
        var (added, signing, retired) = (file, file, file)
        if (try? added.add(new)) != nil {
            try Self.readAgain(added)
            try require(added.entries.count == file.entries.count + 1, "adding a key did not add one")
        }
        if (try? signing.sign(retiringAt: FuzzSetting.moment)) != nil { try Self.readAgain(signing) }
        if let old = try? retired.retire() {
            try Self.readAgain(retired)
            try require(retired.entries.count == file.entries.count - old.count, "retiring took other keys away")
        }
    }

    /// What the command writes must be what every server reads.
    private static func readAgain(_ file: KeyFile) throws {
        let again: KeyFile
        do throws(KeyFileError) {
            again = try KeyFile(file.bytes, path: "keys")
        } catch {
            throw Violation(description: "a key file that was written is not read: \(error)")
        }
        try require(again.bytes == file.bytes, "a key file has two spellings")
        try require(
            again.entries.map(\.key) == file.entries.map(\.key) && again.entries.map(\.end) == file.entries.map(\.end)
                && again.entries.map(\.phase) == file.entries.map(\.phase), "written again, the keys are others")
        try require((try? again.keys()) == (try? file.keys()), "written again, the keys are others")
    }
}
