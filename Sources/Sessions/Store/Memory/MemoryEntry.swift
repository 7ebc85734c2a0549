// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Which sessions a full store evicts first: those of the lowest rank.
enum MemoryRank: Int, CaseIterable {
    /// No user is signed in, and the cookie never came back: most such clients keep no cookies.
    case unused
    /// No user is signed in, but the cookie has come back.
    case used
    /// A user is signed in.
    case signedIn
}

/// A record in memory: one object, with a head of fixed size and the record's bytes behind it.
///
/// As a ``SessionRecord`` it would take up to six objects, and twice the memory of a small session.
typealias MemoryEntry = ManagedBuffer<MemoryHead, UInt8>

/// What an entry has before its bytes: the record's numbers, and where the entry stands in its shard's expiry queues.
struct MemoryHead {
    let key: TwoWords
    let version: Int
    /// The record's ``SessionRecord/expiresAt``, computed once.
    let end: Date
    /// The place in the ``ExpiryQueue`` of its rank.
    var place = 0
    /// Whether the session's cookie has come back.
    var isUsed: Bool
    fileprivate let createdAt: Date
    fileprivate let renewedAt: Date
    fileprivate let lastUsedAt: Date
    fileprivate let idleTimeout: Int
    fileprivate let authenticatedAt: PackedOptional
    fileprivate let absoluteEnd: PackedOptional
    fileprivate let graceEnd: PackedOptional
    /// How many bytes each part has, in the order in which the parts stand behind the head.
    fileprivate let secretHash: Int
    fileprivate let previousSecretHash: PackedOptional
    fileprivate let contents: Int
    fileprivate let user: PackedOptional
    fileprivate let deviceLabel: PackedOptional

    fileprivate init(_ record: SessionRecord, isUsed: Bool) {
        self.key = record.id.words
        self.version = record.version
        self.end = record.expiresAt
        self.isUsed = isUsed
        self.createdAt = record.createdAt
        self.renewedAt = record.renewedAt
        self.lastUsedAt = record.lastUsedAt
        self.idleTimeout = record.idleTimeout.milliseconds
        self.authenticatedAt = PackedOptional(record.authenticatedAt?.milliseconds)
        self.absoluteEnd = PackedOptional(record.absoluteEnd?.milliseconds)
        self.graceEnd = PackedOptional(record.graceEnd?.milliseconds)
        self.secretHash = record.secretHash.count
        self.previousSecretHash = PackedOptional(record.previousSecretHash?.count)
        self.contents = record.contents.count
        self.user = PackedOptional(record.user?.utf8.count)
        self.deviceLabel = PackedOptional(record.deviceLabel?.utf8.count)
    }

    /// How many bytes all parts have.
    fileprivate var size: Int {
        self.secretHash + (self.previousSecretHash.value ?? 0) + (self.user.value ?? 0) + (self.deviceLabel.value ?? 0)
            + self.contents
    }
}

extension ManagedBuffer where Header == MemoryHead, Element == UInt8 {
    /// The entry of a record.
    static func entry(_ record: SessionRecord, isUsed: Bool) -> MemoryEntry {
        let head = MemoryHead(record, isUsed: isUsed)
        let entry = MemoryEntry.create(minimumCapacity: head.size) { _ in head }
        // The entry has room for `size` bytes, the sum of what is written here, and nothing else knows the entry yet.
        unsafe entry.withUnsafeMutablePointerToElements { start in
            var next = unsafe start
            func append(_ part: some Collection<UInt8>) {
                let place = unsafe UnsafeMutableBufferPointer(start: next, count: part.count)
                _ = unsafe place.initialize(fromContentsOf: part)
                unsafe next += part.count
            }
            append(record.secretHash)
            if let hash = record.previousSecretHash { append(hash) }
            append(record.contents)
            if let user = record.user { append(user.utf8) }
            if let label = record.deviceLabel { append(label.utf8) }
        }
        return entry
    }

    var end: Date { self.header.end }
    var rank: MemoryRank { self.header.user.value != nil ? .signedIn : self.header.isUsed ? .used : .unused }

    var record: SessionRecord {
        let head = self.header
        // The sizes are those of the parts that `entry(_:isUsed:)` has written, and nothing changes the bytes after it.
        // Swift evaluates arguments from left to right, and the parts stand in that order.
        return unsafe self.withUnsafeMutablePointerToElements { start in
            var next = unsafe UnsafePointer(start)
            func part(_ count: Int) -> UnsafeBufferPointer<UInt8> {
                defer { unsafe next += count }
                return unsafe UnsafeBufferPointer(start: next, count: count)
            }
            return unsafe SessionRecord(
                id: SessionID(head.key), secretHash: Array(part(head.secretHash)),
                previousSecretHash: head.previousSecretHash.value.map { unsafe Array(part($0)) },
                graceEnd: head.graceEnd.date, version: head.version, contents: Array(part(head.contents)),
                createdAt: head.createdAt, renewedAt: head.renewedAt, authenticatedAt: head.authenticatedAt.date,
                lastUsedAt: head.lastUsedAt, idleTimeout: .milliseconds(head.idleTimeout),
                absoluteEnd: head.absoluteEnd.date,
                user: head.user.value.map { unsafe String(decoding: part($0), as: UTF8.self) },
                deviceLabel: head.deviceLabel.value.map { unsafe String(decoding: part($0), as: UTF8.self) })
        }
    }

    /// The bytes of the user's name; nil for no user.
    var user: [UInt8]? {
        guard let count = self.header.user.value else { return nil }
        let head = self.header
        let offset = head.secretHash + (head.previousSecretHash.value ?? 0) + head.contents
        // The user's name stands behind the contents, see above.
        return unsafe self.withUnsafeMutablePointerToElements { start in
            unsafe Array(UnsafeBufferPointer(start: start + offset, count: count))
        }
    }
}
