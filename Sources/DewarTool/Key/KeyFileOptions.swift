// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import ArgumentParser
import SessionsKeys

/// The file that a command works on.
struct KeyFileOptions: ParsableArguments {
    @Argument(help: "The key file.", completion: .file())
    var file: String

    @Flag(help: "Take a file that others can read or write, or that is another user's, and leave its mode as it is.")
    var allowOthers = false

    @Flag(help: "As an array of JSON objects, one for each key that the command is about.")
    var json = false

    private var access: KeyFileAccess { self.allowOthers ? .writableByOthers : .ownerOnly }

    /// The file as it is.
    func read() throws -> KeyFile {
        try KeyFileStorage.read(self.file, access: self.access).file
    }

    /// Changes the file in one step. What `change` reports is printed once the file is written.
    ///
    /// - Parameter creates: Whether a missing file is made.
    func change(creates: Bool = false, _ change: (inout KeyFile) throws -> KeyFileReport) throws {
        let present =
            creates
            ? try KeyFileStorage.readIfPresent(self.file, access: self.access)
            : try KeyFileStorage.read(self.file, access: self.access)
        var keys = present?.file ?? KeyFile(path: self.file)
        let report = try change(&keys)
        try KeyFileStorage.write(keys, access: present?.access)
        report.write(asJSON: self.json)
    }
}
