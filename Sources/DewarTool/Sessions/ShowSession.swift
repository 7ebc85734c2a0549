// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import ArgumentParser
import Sessions

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// `dewar sessions show ID`.
struct ShowSession: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Shows one session, its contents included; status 2 if there is none.",
        discussion: """
            Contents that are encrypted need the key. The secret behind the tokens of forms is never shown.

            Examples:
              dewar sessions show 2f1c0d3a9b8e47566574839201aabbcc --store sqlite:sessions.sqlite
              dewar sessions show 2f1c0d3a9b8e47566574839201aabbcc --key-file /etc/shop/keys
            """)

    @Argument(help: ArgumentHelp("The session's id, from the list.", valueName: "id"))
    var id: String

    @OptionGroup var store: StoreOptions
    @OptionGroup var keys: KeyOptions

    @Flag(help: "As a JSON object; the contents are Flask's tagged JSON.")
    var json = false

    func validate() throws {
        _ = try SessionIDArgument.parse(self.id)
    }

    func run() async throws {
        let id = try SessionIDArgument.parse(self.id)
        let keys = try self.keys.keys()
        try await self.store.withStore { store in
            let now = Date()
            guard let record = try await store.read(id, at: now) else {
                throw ToolError("There is no session \(id); it may have ended.", status: .negative)
            }
            let contents = StoredContents(record, keys: keys)
            if self.json {
                Console.write(Self.json(record, contents).line)
            } else {
                for line in Self.lines(record, contents, at: now) { Console.write(line) }
            }
        }
    }

    private static func lines(_ record: SessionRecord, _ contents: StoredContents, at now: Date) -> [String] {
        func ago(_ date: Date) -> String { "\(Timestamp.text(date)) (\(Age.text(from: date, to: now)) ago)" }
        let end = "\(Timestamp.text(record.expiresAt)) (in \(Age.text(from: now, to: record.expiresAt)))"
        return [
            "session        \(record.id)", "user           \(record.user.map(Printable.text) ?? "-")",
            "device         \(record.deviceLabel.map(Printable.text) ?? "-")",
            "began          \(ago(record.createdAt))",
            "signed in      \(record.authenticatedAt.map(ago) ?? "-")", "last used      \(ago(record.lastUsedAt))",
            "ends           \(end)", "version        \(record.version)", "contents       \(contents.description)",
        ] + (contents.values.map { ValueTree.lines($0) } ?? [])
    }

    private static func json(_ record: SessionRecord, _ contents: StoredContents) -> JSON {
        .object([
            "id": .string(record.id.description), "user": .text(record.user), "device": .text(record.deviceLabel),
            "createdAt": .date(record.createdAt), "authenticatedAt": .date(record.authenticatedAt),
            "lastUsedAt": .date(record.lastUsedAt), "expiresAt": .date(record.expiresAt),
            "version": .int(record.version), "contentsSize": .int(record.contents.count),
            "contents": contents.values.map { .contents(HiddenEntries.hidden($0)) } ?? .null,
            "contentsState": .string(contents.state),
        ])
    }
}

/// A session's id as an argument.
enum SessionIDArgument {
    static func parse(_ text: String) throws -> SessionID {
        guard let id = SessionID(text) else {
            throw ValidationError("\"\(Printable.text(text))\" is no session's id; ids have 32 hex digits.")
        }
        return id
    }
}

/// The contents of a record, as far as they can be read.
struct StoredContents {
    let values: SessionDictionary?
    /// `plain`, `encrypted`, `decrypted` or `unreadable`.
    let state: String
    private let size: Int

    init(_ record: SessionRecord, keys: SecretKeys?) {
        // A record that is not encrypted needs no key, so that any will do.
        let coder = ContentsCoder(keys: keys ?? "", encrypts: false, random: .system)
        self.size = record.contents.count
        self.values = coder.decode(record.contents, id: record.id)
        let isEncrypted = record.contents.first == 2
        self.state =
            isEncrypted ? self.values == nil ? "encrypted" : "decrypted" : self.values == nil ? "unreadable" : "plain"
    }

    var description: String {
        let size = Printable.size(self.size)
        switch self.state {
        case "encrypted": return "\(size), encrypted; --key-file shows them, if it has their key"
        case "decrypted": return "\(size), encrypted"
        case "unreadable": return "\(size), which this version of dewar cannot read"
        default: return size
        }
    }
}
