// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import OrderedCollections
import SessionsSupport

/// Text keys and session values in the order in which the keys were first set, as Python's `dict` keeps them.
///
/// Keys are compared by their bytes. Swift's own `Dictionary` would take `"é"` in one code point and `"é"` in two for
/// the same key, while a Flask application keeps two entries.
///
/// ```swift
/// var address: SessionDictionary = ["city": "Bern"]
/// address["zip"] = 3011
/// ```
public struct SessionDictionary: Sendable {
    /// One entry.
    public typealias Element = (key: String, value: SessionValue)

    private var storage: OrderedDictionary<ByteKey, SessionEntry>

    /// An empty dictionary.
    public init() {
        self.storage = [:]
    }

    /// The entries in order; of two entries with the same key, the later value stands at the place of the first.
    public init(_ entries: some Sequence<Element>) {
        self.storage = [:]
        for entry in entries { self[entry.key] = entry.value }
    }

    /// The number of entries.
    public var count: Int { self.storage.count }

    /// Whether there is no entry.
    public var isEmpty: Bool { self.storage.isEmpty }

    /// The keys in order.
    public var keys: [String] { self.storage.keys.map(\.text) }

    /// The value under a key; setting nil removes the entry.
    public subscript(key: String) -> SessionValue? {
        get { self.storage[ByteKey(text: key)]?.value }
        set { self.storage[ByteKey(text: key)] = newValue.map(SessionEntry.value) }
        _modify {
            var value = self[key]
            // While the entry held the value too, a change in place would copy it.
            if value != nil { self[key] = .null }
            defer { self[key] = value }
            yield &value
        }
    }

    /// Whether there is a value under a key; nothing is decoded for that.
    package func contains(_ key: String) -> Bool { self.storage.index(forKey: ByteKey(text: key)) != nil }

    /// The value under a key. A list or a dictionary is decoded no more than once: a page may ask for it in a loop.
    package mutating func decoded(_ key: String) -> SessionValue? {
        let key = ByteKey(text: key)
        guard let entry = self.storage[key] else { return nil }
        guard case .text(let text, decoded: nil) = entry, Self.isContainer(text) else { return entry.value }
        let value = entry.value
        self.storage[key] = .text(text, decoded: value)
        return value
    }

    private static func isContainer(_ text: ArraySlice<UInt8>) -> Bool {
        text.first == UInt8(ascii: "[") || text.first == UInt8(ascii: "{")
    }

    /// Appends to the list under a key without copying it. A value that is not a list is replaced by a list.
    package mutating func append(_ value: SessionValue, toListUnder key: String) {
        guard case .list(var list)? = self[key] else {
            self[key] = .list([value])
            return
        }
        // While the entry still held the list, appending would copy it.
        self[key] = .null
        list.append(value)
        self[key] = .list(list)
    }

    /// Removes an entry and gives its value, or nil when there was none.
    @discardableResult
    public mutating func removeValue(forKey key: String) -> SessionValue? {
        self.storage.removeValue(forKey: ByteKey(text: key))?.value
    }

    /// Removes the entry that was added last (Python's `popitem`).
    public mutating func popLast() -> Element? {
        guard !self.storage.isEmpty else { return nil }
        let (key, entry) = self.storage.removeLast()
        return (key.text, entry.value)
    }

    /// Removes every entry.
    public mutating func removeAll() {
        self.storage.removeAll()
    }
}

extension SessionDictionary: Sequence {
    /// The entries, in the order in which their keys were first set.
    public func makeIterator() -> AnyIterator<Element> {
        var elements = self.storage.elements.makeIterator()
        return AnyIterator {
            guard let (key, entry) = elements.next() else { return nil }
            return (key.text, entry.value)
        }
    }
}

extension SessionDictionary {
    /// An empty dictionary with room for as many entries as most sessions have: to grow for each costs a third of the
    /// time that it takes to read four.
    static var withRoom: SessionDictionary {
        var dictionary = SessionDictionary()
        dictionary.storage.reserveCapacity(6)
        return dictionary
    }

    /// Entries whose keys are known to differ, so that none is looked for.
    init(uniqueKeys keys: ContiguousArray<ByteKey>, entries: ContiguousArray<SessionEntry>) {
        self.storage = OrderedDictionary(uncheckedUniqueKeys: keys, values: entries)
    }

    /// Puts the text of a value under a key, to be decoded when something asks for it.
    ///
    /// - Parameter text: A value in the form that ``CanonicalJSON`` accepts.
    mutating func set(_ key: String, text: ArraySlice<UInt8>) {
        self.storage[ByteKey(text: key)] = .text(text, decoded: nil)
    }

    /// The only entry's key; nil when there is no entry, or more than one.
    var onlyKey: String? { self.storage.count == 1 ? self.storage.keys[0].text : nil }

    /// The entries as they are, decoded or not, in the order of their keys' bytes: Python's order of code points.
    var sortedEntries: [(key: String, entry: SessionEntry)] {
        let entries = self.storage.elements.map { (key: $0.key.text, entry: $0.value) }
        let isSorted = zip(entries, entries.dropFirst()).allSatisfy {
            $0.key.utf8.lexicographicallyPrecedes($1.key.utf8)
        }
        return isSorted ? entries : entries.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
    }
}

/// What stands under a key: a value, or the JSON of one that nothing has changed since it was read.
enum SessionEntry: Sendable {
    case value(SessionValue)
    /// In the form that ``CanonicalJSON`` accepts; with the value, once something has asked for it.
    case text(ArraySlice<UInt8>, decoded: SessionValue?)

    var value: SessionValue {
        switch self {
        case .value(let value): value
        case .text(let text, let decoded): decoded ?? TaggedJSON.decodeCanonical(text)
        }
    }
}

extension SessionDictionary {
    /// Whether another dictionary has the same keys; the values of both are added to `pairs`.
    func hasKeys(of other: Self, inside pairs: inout [(SessionValue, SessionValue)]) -> Bool {
        guard self.count == other.count else { return false }
        for (key, entry) in self.storage.elements {
            guard let counterpart = other.storage[key] else { return false }
            pairs.append((entry.value, counterpart.value))
        }
        return true
    }

    /// - Parameter levels: How many levels inside the dictionary are hashed too.
    package func hash(into hasher: inout Hasher, levels: Int) {
        hasher.combine(self.count)
        guard levels > 0 else { return }
        var sum = 0
        for (key, entry) in self.storage.elements {
            var entryHasher = Hasher()
            entryHasher.combine(key)
            entry.value.hash(into: &entryHasher, levels: levels - 1)
            // A sum does not depend on the order. Hashes are any numbers, so that the sum may wrap.
            sum &+= entryHasher.finalize()
        }
        hasher.combine(sum)
    }
}

extension SessionDictionary: ExpressibleByDictionaryLiteral {
    /// The entries of a literal; of two entries with the same key, the later value counts.
    public init(dictionaryLiteral elements: (String, SessionValue)...) {
        self.init(elements.map { (key: $0.0, value: $0.1) })
    }
}

/// Text as a key: equal when the bytes are.
struct ByteKey: Hashable, Sendable {
    let text: String

    static func == (left: Self, right: Self) -> Bool {
        left.text.utf8.count == right.text.utf8.count && left.text.utf8.elementsEqual(right.text.utf8)
    }

    func hash(into hasher: inout Hasher) {
        // The hasher reads the bytes only within its call. A foreign (bridged) string has no contiguous bytes.
        let isContiguous: Void? = unsafe self.text.utf8.withContiguousStorageIfAvailable {
            unsafe hasher.combine(bytes: UnsafeRawBufferPointer($0))
        }
        if isContiguous == nil { unsafe Array(self.text.utf8).withUnsafeBytes { unsafe hasher.combine(bytes: $0) } }
    }
}
