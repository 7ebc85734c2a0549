// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// The name of one version of a resource (RFC 9110, section 8.8.3).
struct EntityTag: Equatable, Sendable {
    /// What stands between the quotes.
    private let opaque: [UInt8]
    /// Whether two versions that are not the same byte for byte may share it.
    private let isWeak: Bool

    init(_ opaque: String, isWeak: Bool = false) {
        self.opaque = Array(opaque.utf8)
        self.isWeak = isWeak
    }

    /// As it stands in a header field.
    var text: String { "\(self.isWeak ? "W/" : "")\"\(String(decoding: self.opaque, as: UTF8.self))\"" }

    /// Whether both name the same bytes.
    func matchesStrongly(_ other: EntityTag) -> Bool {
        !self.isWeak && !other.isWeak && self.opaque == other.opaque
    }

    /// Whether one may be shown in place of the other.
    func matchesWeakly(_ other: EntityTag) -> Bool {
        self.opaque == other.opaque
    }

    /// The tags of a field that lists them, over all its lines; anything else is skipped.
    static func list(_ fields: [String]) -> [EntityTag] {
        var rest = Array(fields.joined(separator: ",").utf8)[...]
        var tags: [EntityTag] = []
        while !rest.isEmpty {
            rest = rest.drop { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
            if let tag = Self.read(&rest) { tags.append(tag) }
            rest = rest.drop { $0 != UInt8(ascii: ",") }
        }
        return tags
    }

    /// Takes a tag and the blanks after it from the front, when a comma or the end follows.
    private static func read(_ rest: inout ArraySlice<UInt8>) -> EntityTag? {
        let isWeak = rest.starts(with: "W/".utf8)
        if isWeak { rest = rest.dropFirst(2) }
        let quote = UInt8(ascii: "\"")
        guard rest.first == quote else { return nil }
        let opaque = rest.dropFirst().prefix { $0 == 0x21 || (0x23...0x7E).contains($0) || $0 >= 0x80 }
        rest = rest[opaque.endIndex...]
        guard rest.first == quote else { return nil }
        rest = rest.dropFirst().drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
        guard rest.isEmpty || rest.first == UInt8(ascii: ",") else { return nil }
        return EntityTag(String(decoding: opaque, as: UTF8.self), isWeak: isWeak)
    }
}
