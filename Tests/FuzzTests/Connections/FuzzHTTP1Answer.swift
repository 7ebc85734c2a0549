// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// An answer of HTTP/1, as its client reads it.
struct FuzzHTTP1Answer: Equatable {
    var version = "HTTP/1.1"
    var status: Int
    /// By their names in small letters.
    var fields: [String: String] = [:]
    var body: [UInt8] = []

    /// What the server answers itself, with one of its statuses.
    static func refusal(_ status: Int) -> FuzzHTTP1Answer {
        FuzzHTTP1Answer(status: status, fields: ["connection": "close", "content-length": "0"])
    }

    /// Whether an answer with this status has no body, whatever its fields say (RFC 9112, section 6.3).
    static func isEmpty(_ status: Int) -> Bool { status < 200 || status == 204 || status == 304 }
}

/// Reads what a server sends over HTTP/1 (RFC 9112), one answer after the other. It is strict: what a lenient client
/// might understand is a violation.
struct FuzzHTTP1Reader {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) {
        self.rest = bytes[...]
    }

    var isAtEnd: Bool { self.rest.isEmpty }

    /// The next answer. A body that the end of the connection cuts off is as long as it is.
    ///
    /// - Parameter isForHEAD: Whether it answers HEAD, so that it has no body.
    mutating func next(isForHEAD: Bool = false) throws -> FuzzHTTP1Answer {
        let parts = try self.line().split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == "HTTP/1.1" || parts[0] == "HTTP/1.0", parts[1].utf8.count == 3,
            let status = Int(parts[1]), (100...599).contains(status), !parts[2].isEmpty
        else { throw Violation(description: "an answer begins with \(parts)") }
        let fields = try self.fields()
        let body = isForHEAD || FuzzHTTP1Answer.isEmpty(status) ? [] : try self.body(fields)
        return FuzzHTTP1Answer(version: String(parts[0]), status: status, fields: fields, body: body)
    }

    private mutating func fields() throws -> [String: String] {
        var fields: [String: String] = [:]
        var line = try self.line()
        while !line.isEmpty {
            guard let colon = line.firstRange(of: ": "), !line[..<colon.lowerBound].isEmpty,
                line[..<colon.lowerBound].utf8.allSatisfy(Self.isInToken)
            else { throw Violation(description: "an answer has the field \(line)") }
            let name = line[..<colon.lowerBound].lowercased()
            try require(fields[name] == nil, "an answer has two fields \(name)")
            fields[name] = String(line[colon.upperBound...])
            line = try self.line()
        }
        return fields
    }

    private mutating func body(_ fields: [String: String]) throws -> [UInt8] {
        if let coding = fields["transfer-encoding"] {
            try require(coding == "chunked" && fields["content-length"] == nil, "a body has two ends")
            return try self.chunks()
        }
        guard let text = fields["content-length"] else { return self.take(self.rest.count) }
        guard let length = Int(text), String(length) == text, length >= 0 else {
            throw Violation(description: "a body has the length \(text)")
        }
        return self.take(length)
    }

    private mutating func chunks() throws -> [UInt8] {
        var body: [UInt8] = []
        while true {
            let line = try self.line()
            guard let length = Int(line, radix: 16), String(length, radix: 16) == line, length <= self.rest.count else {
                throw Violation(description: "a chunk begins with \(line)")
            }
            body += self.take(length)
            // Behind the last chunk there may be fields, and this application sends none.
            try require(try self.line().isEmpty, "a chunk does not end with its length")
            if length == 0 { return body }
        }
    }

    private mutating func take(_ count: Int) -> [UInt8] {
        defer { self.rest = self.rest.dropFirst(count) }
        return Array(self.rest.prefix(count))
    }

    /// A line without its end. What this application and the server send is visible ASCII.
    private mutating func line() throws -> String {
        guard let end = self.rest.firstIndex(of: UInt8(ascii: "\n")), end > self.rest.startIndex,
            self.rest[end - 1] == UInt8(ascii: "\r")
        else { throw Violation(description: "an answer ends in the midst of a line") }
        let line = self.rest[..<(end - 1)]
        try require(line.allSatisfy { (0x20...0x7E).contains($0) }, "a line has the bytes \(Array(line))")
        self.rest = self.rest[(end + 1)...]
        return String(decoding: line, as: UTF8.self)
    }

    private static func isInToken(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20) || byte == UInt8(ascii: "-")
    }
}
