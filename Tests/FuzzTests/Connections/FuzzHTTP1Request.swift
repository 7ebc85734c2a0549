// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import NIOHTTP1

/// A request of HTTP/1 that the application has, and how much of it has come: what decides whether the connection ends
/// with its answer. A second reading, which knows nothing of the server's own.
struct FuzzHTTP1Request {
    /// How many bytes of a body the server reads for nothing, to keep a connection.
    private static let maximumRest = 256 * 1024

    let head: HTTPRequestHead
    /// Whether the client holds its body back until it is asked for it.
    private(set) var awaitsContinue: Bool
    private var received = 0
    private var hasEnded = false
    private var hasFailed = false

    init(_ head: HTTPRequestHead) {
        self.head = head
        // HTTP/1.0 has no such expectation.
        self.awaitsContinue = head.version.minor > 0 && Self.expectations(of: head).contains("100-continue")
    }

    var isForHEAD: Bool { self.head.method == .HEAD }
    var isOld: Bool { self.head.version.minor == 0 }

    /// Whether its client expects something that the server has to refuse (RFC 9110, section 10.1.1).
    static func expectsUnknown(_ head: HTTPRequestHead) -> Bool {
        head.version.minor > 0 && Self.expectations(of: head).contains { $0 != "100-continue" }
    }

    private static func expectations(of head: HTTPRequestHead) -> [String] {
        head.headers["expect"].flatMap { $0.split { $0 == "," || $0 == " " || $0 == "\t" } }.map { $0.lowercased() }
    }

    // MARK: - What has come

    mutating func bodyArrived(_ count: Int) {
        self.received += count
        self.awaitsContinue = false
    }

    mutating func ended() {
        self.hasEnded = true
        self.awaitsContinue = false
    }

    mutating func failed() {
        self.hasFailed = true
    }

    mutating func bodyIsAskedFor() {
        self.awaitsContinue = false
    }

    // MARK: - The connection

    /// Whether the connection must end with an answer to it.
    ///
    /// - Parameter hasLength: Whether the answer says its length.
    func isLast(answeredWithLength hasLength: Bool) -> Bool {
        // Behind a request for another protocol the decoder reads nothing, whatever the answer is.
        let endsDecoding = self.head.method == .CONNECT || self.head.headers.contains(name: "upgrade")
        // HTTP/1.0 has no chunks, neither in the answer nor in the request.
        let isOldWithoutLength = self.isOld && (!hasLength || self.isChunked)
        return !self.isKept || endsDecoding || isOldWithoutLength || !self.hasShortRest
    }

    private var isChunked: Bool { self.head.headers.contains(name: "transfer-encoding") }

    /// Whether its client keeps the connection: over HTTP/1.1 unless it says otherwise, over HTTP/1.0 if it says so.
    private var isKept: Bool {
        let headers = self.head.headers
        guard headers.contains(name: "connection") || headers.contains(name: "proxy-connection") else {
            return !self.isOld
        }
        return self.head.isKeepAlive
    }

    private var hasShortRest: Bool {
        if self.hasEnded { return true }
        guard !self.hasFailed, !self.awaitsContinue, !self.isChunked else { return false }
        let length = self.head.headers["content-length"].first.map { Int($0) ?? .max } ?? 0
        return length - self.received <= Self.maximumRest
    }
}
