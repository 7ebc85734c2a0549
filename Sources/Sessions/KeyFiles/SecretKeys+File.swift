// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

extension SecretKeys {
    /// The keys of a file, a key a line: which one signs, which is the next to, and which old ones are accepted.
    ///
    /// ```swift
    /// let keys = try SecretKeys(file: "/etc/shop/keys")
    /// let sessions = try SessionManager(keys: keys)
    /// ```
    ///
    /// `docs/KEYS.md` has the format, and the command `dewar key` writes it.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - access: Who besides the program may have access to it; a file that is more open is refused.
    /// - Throws: ``KeyFileError`` with the line and what is wrong with it, and never a part of a key.
    public init(file path: String, access: KeyFileAccess = .ownerOnly) throws(KeyFileError) {
        self = try KeyFileStorage.read(path, access: access).file.keys()
    }
}
