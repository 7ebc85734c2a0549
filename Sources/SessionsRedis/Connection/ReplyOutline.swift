// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import NIOCore

/// Follows the replies in a server's bytes, and finds those that announce more than may come.
///
/// hiredis makes room for all elements of an array as soon as it has read their number: thirteen bytes, from a server
/// that is broken or that an attacker has replaced, would take gigabytes. Its newer versions also nest arrays without a
/// bound, and free them by a recursive function. And it reads a line again with each piece of it.
struct ReplyOutline {
    /// No command's reply nests deeper: `CLUSTER SLOTS` has four levels.
    static let maximumDepth = 8

    /// The longest line: an error, a status, or a number. A server's are a few hundred bytes long. hiredis looks for the
    /// end of a line from its beginning whenever bytes come, so that one without an end would take time by the square
    /// of its length.
    static let maximumLineLength = 16 << 10

    /// The largest reply, in bytes. As many elements as fit into it, with eight bytes for the place of each, are
    /// allowed.
    private let limit: Int
    /// Why the bytes after those that were accepted must not be read.
    private(set) var refusal: ReplyParser.Failure?
    /// The elements that are still to come of each open array.
    private var open: [Int] = []
    /// The first byte of the line that is being read; nil between two replies.
    private var type: UInt8?
    /// The number of the line, at most `limit + 1`; negative for a null.
    private var number = 0
    private var isNegative = false
    private var isAfterReturn = false
    private var lineLength = 0
    /// How many bytes of a bulk string, with the line end behind it, are still to come.
    private var bulk = 0

    init(limit: Int) {
        self.limit = limit
    }

    /// How many of the bytes may be read. If not all, ``refusal`` says why.
    mutating func follow(_ bytes: ByteBufferView) -> Int {
        var index = bytes.startIndex
        while index < bytes.endIndex, self.refusal == nil {
            if self.bulk > 0 {
                let count = min(self.bulk, bytes.endIndex - index)
                self.bulk -= count
                index += count
                if self.bulk == 0 { self.endElement() }
            } else {
                self.follow(bytes[index])
                if self.refusal == nil { index += 1 }
            }
        }
        return index - bytes.startIndex
    }

    private mutating func follow(_ byte: UInt8) {
        guard let type = self.type else { return self.begin(byte) }
        self.lineLength += 1
        guard self.lineLength <= Self.maximumLineLength else {
            self.refusal = .tooLarge
            return
        }
        if byte == UInt8(ascii: "\n"), self.isAfterReturn { return self.endLine(type) }
        self.isAfterReturn = byte == UInt8(ascii: "\r")
        if byte == UInt8(ascii: "-") {
            self.isNegative = true
        } else if 0x30...0x39 ~= byte {
            self.number = min(self.number, self.limit) * 10 + Int(byte - 0x30)
        }
    }

    private mutating func begin(_ byte: UInt8) {
        guard "+-:$*".utf8.contains(byte) else {
            self.refusal = .malformed
            return
        }
        (self.type, self.number, self.isNegative, self.isAfterReturn) = (byte, 0, false, false)
        self.lineLength = 0
    }

    private mutating func endLine(_ type: UInt8) {
        let hasContent = type == UInt8(ascii: "$") || (type == UInt8(ascii: "*") && self.number > 0)
        guard hasContent, !self.isNegative else {
            self.type = nil
            return self.endElement()
        }
        let isArray = type == UInt8(ascii: "*")
        guard self.number <= (isArray ? self.limit / 8 : self.limit), !isArray || self.open.count < Self.maximumDepth
        else {
            self.refusal = .tooLarge
            return
        }
        self.type = nil
        if isArray { self.open.append(self.number) } else { self.bulk = self.number + 2 }
    }

    /// The last element of an array ends the array too.
    private mutating func endElement() {
        while let last = self.open.indices.last {
            self.open[last] -= 1
            guard self.open[last] == 0 else { return }
            self.open.removeLast()
        }
    }
}
