// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import SessionsSupport

#if canImport(FoundationEssentials)
package import FoundationEssentials
#else
package import Foundation
#endif

/// The secret keys of a site as a text that people edit and compare: one key on each line, and comments.
///
/// ```text
/// # made 2026-11-02
/// accept base64:… until 2027-01-31
/// sign   base64:…
/// next   base64:…
/// ```
package struct KeyFile: Sendable {
    /// The path, for messages.
    package let path: String
    private var lines: [KeyFileLine]

    /// An empty file.
    package init(path: String) {
        self.path = path
        self.lines = []
    }

    /// Reads the text. ``keys()`` checks whether the keys make sense together.
    package init(_ bytes: [UInt8], path: String) throws(KeyFileError) {
        self.path = path
        self.lines = []
        var parts = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        if parts.last?.isEmpty == true { parts.removeLast() }
        for (index, part) in parts.enumerated() {
            do throws(KeyFileProblem) {
                self.lines.append(try KeyFileLine(part))
            } catch {
                throw KeyFileError(path, line: index + 1, error)
            }
        }
    }

    /// The text.
    package var bytes: [UInt8] { self.lines.flatMap { Array($0.text.utf8) + [UInt8(ascii: "\n")] } }

    /// The lines that hold a key, in their order.
    package var entries: [KeyFileEntry] { self.lines.compactMap(\.entry) }

    /// The keys: the one that signs, and those that are accepted.
    ///
    /// - Throws: ``KeyFileError`` when no key signs, when two sign or two are next, and when a key is there twice.
    package func keys() throws(KeyFileError) -> SecretKeys {
        var places: [SecretKey: Int] = [:]
        var phases: [KeyFileEntry.Phase: Int] = [:]
        for (index, line) in self.lines.enumerated() {
            guard let entry = line.entry else { continue }
            if let first = places.updateValue(index + 1, forKey: entry.key) {
                throw KeyFileError(self.path, line: index + 1, .duplicate(ofLine: first))
            }
            if entry.phase != .accept, let first = phases.updateValue(index + 1, forKey: entry.phase) {
                throw KeyFileError(
                    self.path, line: index + 1,
                    entry.phase == .sign ? .secondSigningKey(firstLine: first) : .secondNextKey(firstLine: first))
            }
        }
        guard let signing = self.entries.first(where: { $0.phase == .sign }) else {
            throw KeyFileError(self.path, .noSigningKey)
        }
        let accepted = self.entries.filter { $0.phase != .sign }
        return SecretKeys(signing.key, accepting: accepted.map { AcceptedKey($0.key, until: $0.end) })
    }

    // MARK: - The phases

    /// Phase 1: adds a new key, which every server must know before it signs. The first key of a file signs at once.
    package mutating func add(_ key: SecretKey) throws(KeyFileError) {
        guard !self.entries.contains(where: { $0.phase == .next }) else {
            throw KeyFileError(self.path, .nextKeyWaits)
        }
        let phase = self.entries.contains { $0.phase == .sign } ? KeyFileEntry.Phase.next : .sign
        self.lines.append(.entry(KeyFileEntry(phase, key)))
        _ = try self.keys()
    }

    /// Phase 2: the next key signs. The key that signed is only accepted, until `end` if that is given.
    package mutating func sign(retiringAt end: Date? = nil) throws(KeyFileError) {
        _ = try self.keys()
        guard self.entries.contains(where: { $0.phase == .next }) else { throw KeyFileError(self.path, .noNextKey) }
        self.lines = self.lines.map { line in
            guard var entry = line.entry else { return line }
            switch entry.phase {
            case .next: entry.phase = .sign
            case .sign: (entry.phase, entry.end) = (.accept, end)
            case .accept: break
            }
            return .entry(entry)
        }
    }

    /// Phase 3: removes the old keys, and returns them.
    package mutating func retire() throws(KeyFileError) -> [SecretKey] {
        _ = try self.keys()
        let old = self.entries.filter { $0.phase == .accept }.map(\.key)
        guard !old.isEmpty else { throw KeyFileError(self.path, .noOldKey) }
        self.lines.removeAll { $0.entry?.phase == .accept }
        return old
    }
}

extension KeyFile: CustomStringConvertible, CustomReflectable {
    /// The path.
    package var description: String { "KeyFile(\(self.path))" }

    /// `dump` shows no more than `print`.
    package var customMirror: Mirror { Mirror(self, children: ["path": self.path]) }
}

extension SecretKeys {
    /// The keys of a file, one on each line: the one that signs, the one that signs next, and the old ones.
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
    ///   - access: Which users besides the program's may have access to the file; a file that is more open is refused.
    /// - Throws: ``KeyFileError`` with the line and what is wrong with it, and never a part of a key.
    public init(file path: String, access: KeyFileAccess = .ownerOnly) throws(KeyFileError) {
        self = try KeyFileStorage.read(path, access: access).file.keys()
    }
}
