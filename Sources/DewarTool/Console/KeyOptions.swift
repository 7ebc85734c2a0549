// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import ArgumentParser
import SessionsKeys

/// Keys that open a cookie or the contents of a session. They are never printed.
struct KeyOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A key as a configuration spells it: text, or base64:…; may be given several times. Other users of the "
                + "machine can read a command line, so that --key-file is better.", valueName: "key"))
    var key: [String] = []

    @Option(help: ArgumentHelp("A file of keys, as dewar key makes it.", valueName: "file"), completion: .file())
    var keyFile: String?

    func validate() throws {
        if !self.key.isEmpty, self.keyFile != nil { throw ValidationError("Say --key or --key-file, not both.") }
        for text in self.key {
            // The text itself is not quoted: it is a secret.
            guard let key = SecretKey(configured: text), !key.isEmpty else {
                throw ValidationError("A --key is empty, or has base64: in front and no base64 after it.")
            }
        }
    }

    /// The keys, if any; the first is the one that signs.
    func keys() throws -> SecretKeys? {
        if let keyFile { return try KeyFileStorage.read(keyFile, access: .writableByOthers).file.keys() }
        let keys = self.key.compactMap { SecretKey(configured: $0) }
        return keys.first.map { SecretKeys($0, fallbacks: Array(keys.dropFirst())) }
    }
}
