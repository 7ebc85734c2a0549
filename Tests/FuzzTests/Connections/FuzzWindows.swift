// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// What a client of HTTP/2 allows the server to send, by its own SETTINGS and WINDOW_UPDATE (RFC 9113, sections 5.2 and
/// 6.5.2).
///
/// A client may send several of them at once, and the server answers between them: a limit that is lowered counts from
/// the next step on.
struct FuzzWindows {
    private enum Parameter {
        static let tableSize = 1
        static let initialWindow = 4
        static let frameSize = 5
    }

    /// The longest payload of a frame, and the largest table of fields, that were ever allowed.
    private(set) var frameSize = 16_384
    private(set) var tableSize = 4096
    /// What each stream may send before its window is opened further, and the most since the step began.
    private var initial = 65_535
    private var greatestInitial = 65_535
    /// By how many bytes windows have been opened, and how many bytes were sent; stream 0 is the connection.
    private var opened = [0: 65_535]
    private var used: [Int: Int] = [:]

    mutating func beginStep() {
        self.greatestInitial = self.initial
    }

    mutating func set(_ parameter: Int, to value: Int) {
        switch parameter {
        case Parameter.tableSize: self.tableSize = max(self.tableSize, value)
        case Parameter.initialWindow:
            self.initial = value
            self.greatestInitial = max(self.greatestInitial, value)
        case Parameter.frameSize: self.frameSize = max(self.frameSize, value)
        default: break
        }
    }

    mutating func open(_ stream: Int, by count: Int) {
        self.opened[stream, default: 0] += count
    }

    /// The server sends bytes of a body.
    mutating func use(_ count: Int, on stream: Int) throws {
        // An end without bytes needs no window.
        guard count > 0 else { return }
        self.used[0, default: 0] += count
        self.used[stream, default: 0] += count
        try require(
            self.used[0, default: 0] <= self.opened[0, default: 0], "more bytes than the connection's window allows")
        try require(
            self.used[stream, default: 0] <= self.greatestInitial + self.opened[stream, default: 0],
            "more bytes than the window of stream \(stream) allows")
    }
}
