// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// Finds the end of a JSON value that stands exactly as ``TaggedJSON`` would write it, and that contains no tag.
///
/// Such a value is not decoded before something asks for it, and is never encoded again: its text is copied. Most of
/// what sessions hold is of this kind. The grammar is narrower than JSON's: no white space, no fraction, no `\u`, keys in
/// order. A value of any other form is left to ``TaggedJSONReader``.
enum CanonicalJSON {
    /// How deep lists and dictionaries may nest. The functions call each other, and stacks can be small.
    private static let maximumDepth = 8

    /// The index after the value that begins at an index; nil for a value of another form.
    static func end(ofValueAt index: Int, in bytes: Span<UInt8>, depth: Int = 0) -> Int? {
        guard index < bytes.count, depth < Self.maximumDepth else { return nil }
        switch bytes[index] {
        case UInt8(ascii: "\""): return Self.end(ofTextAt: index, in: bytes)?.index
        case UInt8(ascii: "["): return Self.end(ofListAt: index, in: bytes, depth: depth)
        case UInt8(ascii: "{"): return Self.end(ofDictionaryAt: index, in: bytes, depth: depth)
        case UInt8(ascii: "t"): return Self.end(of: "true", at: index, in: bytes)
        case UInt8(ascii: "f"): return Self.end(of: "false", at: index, in: bytes)
        case UInt8(ascii: "n"): return Self.end(of: "null", at: index, in: bytes)
        default: return Self.end(ofNumberAt: index, in: bytes)
        }
    }

    /// The entries of a dictionary that is the whole text from an index on; nil for a text of another form, and for an
    /// empty dictionary. The keys are in order, and so differ.
    static func entries(of json: [UInt8], from start: Int) -> SessionDictionary? {
        let bytes = json.span
        guard start < bytes.count, bytes[start] == UInt8(ascii: "{") else { return nil }
        var (keys, entries) = (ContiguousArray<ByteKey>(), ContiguousArray<SessionEntry>())
        // As many as most sessions have.
        keys.reserveCapacity(6)
        entries.reserveCapacity(6)
        var index = start + 1
        var previous: Range<Int>?
        while let key = Self.key(at: index, in: bytes), Self.isKey(key, after: previous, in: bytes),
            let end = Self.end(ofValueAt: key.upperBound + 2, in: bytes), end < bytes.count
        {
            keys.append(ByteKey(text: String(decoding: json[key], as: UTF8.self)))
            entries.append(.text(json[(key.upperBound + 2)..<end], decoded: nil))
            previous = key
            index = end + 1
            switch bytes[end] {
            case UInt8(ascii: ","): continue
            case UInt8(ascii: "}") where index == bytes.count:
                return SessionDictionary(uniqueKeys: keys, entries: entries)
            default: return nil
            }
        }
        return nil
    }

    private static func end(of word: StaticString, at index: Int, in bytes: Span<UInt8>) -> Int? {
        let end = index + word.utf8CodeUnitCount
        guard end <= bytes.count else { return nil }
        for offset in 0..<word.utf8CodeUnitCount {
            // The word is a constant, and the offset lies within it.
            guard unsafe bytes[index + offset] == word.utf8Start[offset] else { return nil }
        }
        return end
    }

    /// Printable ASCII, and the escapes of one letter that Python writes.
    private static func end(ofTextAt start: Int, in bytes: Span<UInt8>) -> (index: Int, hasEscapes: Bool)? {
        var (index, hasEscapes) = (start + 1, false)
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "\""): return (index + 1, hasEscapes)
            case UInt8(ascii: "\\"):
                guard index + 1 < bytes.count, Self.isShortEscape(bytes[index + 1]) else { return nil }
                hasEscapes = true
                index += 2
            case 0x20...0x7E: index += 1
            default: return nil
            }
        }
        return nil
    }

    private static func isShortEscape(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "b"), UInt8(ascii: "f"), UInt8(ascii: "n"),
            UInt8(ascii: "r"), UInt8(ascii: "t"):
            true
        default: false
        }
    }

    /// A whole number of at most 18 digits, which an `Int` holds. `-0` is written as `0`.
    private static func end(ofNumberAt start: Int, in bytes: Span<UInt8>) -> Int? {
        let isNegative = bytes[start] == UInt8(ascii: "-")
        let first = isNegative ? start + 1 : start
        var index = first
        while index < bytes.count, 0x30...0x39 ~= bytes[index] { index += 1 }
        guard 1...18 ~= index - first, bytes[first] != UInt8(ascii: "0") || (index == first + 1 && !isNegative) else {
            return nil
        }
        guard index < bytes.count else { return index }
        switch bytes[index] {
        case UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"): return nil
        default: return index
        }
    }

    private static func end(ofListAt start: Int, in bytes: Span<UInt8>, depth: Int) -> Int? {
        var index = start + 1
        if index < bytes.count, bytes[index] == UInt8(ascii: "]") { return index + 1 }
        while let end = Self.end(ofValueAt: index, in: bytes, depth: depth + 1), end < bytes.count {
            index = end + 1
            switch bytes[end] {
            case UInt8(ascii: ","): continue
            case UInt8(ascii: "]"): return index
            default: return nil
            }
        }
        return nil
    }

    private static func end(ofDictionaryAt start: Int, in bytes: Span<UInt8>, depth: Int) -> Int? {
        var index = start + 1
        if index < bytes.count, bytes[index] == UInt8(ascii: "}") { return index + 1 }
        var previous: Range<Int>?
        while let key = Self.key(at: index, in: bytes), Self.isKey(key, after: previous, in: bytes),
            let end = Self.end(ofValueAt: key.upperBound + 2, in: bytes, depth: depth + 1), end < bytes.count
        {
            previous = key
            index = end + 1
            switch bytes[end] {
            case UInt8(ascii: ","): continue
            case UInt8(ascii: "}"): return index
            default: return nil
            }
        }
        return nil
    }

    /// Where the characters of a key are that a colon follows; nil for a key with escapes, and for one that may be a tag.
    private static func key(at start: Int, in bytes: Span<UInt8>) -> Range<Int>? {
        guard start + 1 < bytes.count, bytes[start] == UInt8(ascii: "\""), bytes[start + 1] != UInt8(ascii: " "),
            let end = Self.end(ofTextAt: start, in: bytes), !end.hasEscapes, end.index < bytes.count,
            bytes[end.index] == UInt8(ascii: ":")
        else { return nil }
        return start + 1..<end.index - 1
    }

    private static func isKey(_ key: Range<Int>, after previous: Range<Int>?, in bytes: Span<UInt8>) -> Bool {
        guard let previous else { return true }
        for offset in 0..<min(key.count, previous.count) {
            let (left, right) = (bytes[previous.lowerBound + offset], bytes[key.lowerBound + offset])
            if left != right { return left < right }
        }
        return previous.count < key.count
    }
}
