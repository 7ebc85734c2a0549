// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// A parser, and what must hold whatever bytes it is given.
///
/// That it does not stop the process is not all: what it accepts must be what is written again, its limits must hold,
/// and two ways to read the same bytes must agree.
struct FuzzTarget: Sendable {
    /// The name on the command line, and of the file of inputs in `Tests/Fixtures/fuzz`.
    let name: String
    /// What it reads.
    let subject: String
    /// The longest input that is tried.
    let maximumLength: Int
    /// Throws a ``Violation`` when something does not hold.
    let check: @Sendable (_ input: [UInt8]) throws -> Void

    init(
        _ name: String, _ subject: String, maximumLength: Int = 4096,
        check: @escaping @Sendable (_ input: [UInt8]) throws -> Void
    ) {
        self.name = name
        self.subject = subject
        self.maximumLength = maximumLength
        self.check = check
    }

    static let all: [FuzzTarget] = [
        .cookieHeader, .setCookie, .base64, .flaskToken, .signedToken, .sealedToken, .ticket, .taggedJSON, .inflate,
        .flaskRecord, .keyFile, .record, .contents, .directoryFiles, .redisRecord, .redisReplies, .revocations,
        .urlEncoded, .multipart, .headerParameters, .routes, .location, .httpDate,
        .scanCursor, .cookieInput, .auditURL, .auditCookie, .http2Frames, .forwarded, .conditions, .crossSite,
        .deviceLabel, .http1Connection, .http2Connection, .html, .filename, .attempts, .revocationTable,
        .redisChannel, .redisCluster, .sqlRow, .templateURL,
    ]
}

/// What must hold of an input, and does not.
struct Violation: Error, CustomStringConvertible {
    let description: String
}

/// Throws when something does not hold.
func require(_ holds: Bool, _ violation: @autoclosure () -> String) throws {
    if !holds { throw Violation(description: violation()) }
}

/// Whether two texts have the same bytes; `==` would take "é" in one code point and in two for the same.
func isSame(_ left: String?, _ right: String?) -> Bool {
    left.map { Array($0.utf8) } == right.map { Array($0.utf8) }
}

extension [UInt8] {
    /// The first byte, which chooses among `count` ways to use the rest, and the rest.
    func choice(of count: Int) -> (way: Int, rest: [UInt8]) {
        (Int(self.first ?? 0) % count, Array(self.dropFirst()))
    }

    /// The parts between line feeds, `count` at most; the last one holds the rest.
    func lines(atMost count: Int) -> [[UInt8]] {
        self.split(separator: UInt8(ascii: "\n"), maxSplits: count - 1, omittingEmptySubsequences: false).map(
            Array.init)
    }

    /// The bytes as text, with U+FFFD for what is not UTF-8.
    var text: String { String(decoding: self, as: UTF8.self) }
}
