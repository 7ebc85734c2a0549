// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import NIOCore

/// What a client has sent beyond the request that is being answered, as it came.
///
/// A client may send its next requests without waiting for answers (RFC 9112, section 9.3.2). They stay bytes until
/// their turn: as bytes they are no more than what one read of the connection brings, and decoded they would be many
/// times as large, so that a client with thousands of short requests could fill the memory.
struct HeldBytes {
    // There are few: the server reads no more while there is one.
    private var buffers: [ByteBuffer] = []
    /// Whether the client sends no more behind them.
    var isInputClosed = false

    var isEmpty: Bool { self.buffers.isEmpty }

    mutating func append(_ bytes: ByteBuffer) {
        self.buffers.append(bytes)
    }

    /// The rest of what was taken last.
    mutating func putBack(_ bytes: ByteBuffer) {
        self.buffers.insert(bytes, at: 0)
    }

    mutating func next() -> ByteBuffer? {
        self.buffers.isEmpty ? nil : self.buffers.removeFirst()
    }

    mutating func removeAll() {
        self.buffers = []
    }
}

extension ByteBuffer {
    /// Up to how many bytes of heads, or of a body in chunks, are decoded at once.
    private static let maximumPiece = 4096
    private static let blankLine: UInt32 = 0x0D0A_0D0A

    /// How many of the bytes are decoded next.
    ///
    /// The decoder takes all that it gets, and what is behind a request has to wait for its answer: a piece ends where the
    /// request does, or before. Only bytes that end with a blank line go on as they are, if they are few: nearly always
    /// they are one request, and if they are several, no half of one is behind them.
    ///
    /// - Parameter bodyRest: How many bytes of a body are to come; nil where that is not known.
    func nextPiece(bodyRest: Int?) -> Int {
        let count = self.readableBytes
        if let bodyRest { return min(bodyRest, count) }
        if count <= Self.maximumPiece, self.hasBlankLine(at: self.writerIndex - 4) { return count }
        // A head, and a body in chunks, end with a blank line. One of which the beginning came before ends here.
        let lineEnds = self.readableBytesView.prefix(3).prefix { $0 == UInt8(ascii: "\r") || $0 == UInt8(ascii: "\n") }
        return lineEnds.isEmpty ? min(self.endOfFirstBlankLine ?? count, Self.maximumPiece) : lineEnds.count
    }

    private func hasBlankLine(at index: Int) -> Bool {
        self.getInteger(at: index, as: UInt32.self) == Self.blankLine
    }

    private var endOfFirstBlankLine: Int? {
        var rest = self.readableBytesView.prefix(Self.maximumPiece)
        while let index = rest.firstIndex(of: UInt8(ascii: "\r")) {
            if self.hasBlankLine(at: index) { return index + 4 - self.readerIndex }
            rest = rest[(index + 1)...]
        }
        return nil
    }
}
