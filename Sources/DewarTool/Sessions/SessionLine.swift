// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A session as a line of a table, and as JSON. Nothing in it is a secret: the id opens no session.
struct SessionLine {
    let session: SessionSummary
    let now: Date

    static let header = Self.joined(["ID", "BEGAN", "LAST USED", "ENDS IN", "SIZE", "USER", "DEVICE"])

    var text: String {
        let session = self.session
        return Self.joined([
            session.id.description, Age.text(from: session.createdAt, to: self.now) + " ago",
            Age.text(from: session.lastUsedAt, to: self.now) + " ago",
            Age.text(from: self.now, to: session.expiresAt), Printable.size(session.contentsSize),
            session.user.map(Printable.text) ?? "-", session.deviceLabel.map(Printable.text) ?? "-",
        ])
    }

    var json: JSON { .object(self.fields) }

    private var fields: KeyValuePairs<String, JSON> {
        [
            "id": .string(self.session.id.description), "user": .text(self.session.user),
            "device": .text(self.session.deviceLabel), "createdAt": .date(self.session.createdAt),
            "authenticatedAt": .date(self.session.authenticatedAt), "lastUsedAt": .date(self.session.lastUsedAt),
            "expiresAt": .date(self.session.expiresAt), "version": .int(self.session.version),
            "contentsSize": .int(self.session.contentsSize),
        ]
    }

    /// The columns are as wide as they usually need to be, because lines are written before the last one is known.
    private static func joined(_ columns: [String]) -> String {
        let widths = [32, 12, 12, 8, 9, 16, 0]
        return zip(columns, widths).map { Printable.padded($0, $1) }.joined(separator: "  ").trimmed
    }
}

extension String {
    /// The text without the spaces at its end.
    fileprivate var trimmed: String {
        var text = self
        while text.last == " " { text.removeLast() }
        return text
    }
}
