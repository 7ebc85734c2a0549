// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import TestSupport
import Testing

/// A response as a client reads it off a connection (RFC 9112, section 6.3), which sees nothing of what the server meant.
struct WireResponse {
    let statusLine: String
    let fields: [String: String]
    let body: String

    /// The answers to these requests, sent over one connection; the last of them asks for its end. Nothing may be left.
    static func exchange(_ requests: [String], with url: String) async throws -> [WireResponse] {
        let port = try #require(URL(string: url)?.port)
        let heads = requests.enumerated().map { index, request in
            let lines = request.split(separator: "\n").map { String($0) }
            let close = index == requests.count - 1 ? ["Connection: close"] : []
            return ([lines[0] + " HTTP/1.1", "Host: localhost"] + lines.dropFirst() + close)
                .joined(separator: "\r\n") + "\r\n\r\n"
        }
        var rest = try await TestSupport.exchange(heads.joined(), port: port)[...]
        let responses = try requests.map { try WireResponse(&rest, isHead: $0.hasPrefix("HEAD ")) }
        #expect(rest.isEmpty, "bytes that belong to no response: \(String(decoding: rest, as: UTF8.self))")
        return responses
    }

    init(_ bytes: inout ArraySlice<UInt8>, isHead: Bool) throws {
        var lines = try Self.head(&bytes)
        let statusLine = lines.removeFirst()
        try #require(statusLine.hasPrefix("HTTP/1.1 "), "no status line: \(statusLine)")
        var fields: [String: String] = [:]
        for line in lines {
            let parts = line.split(separator: ":", maxSplits: 1)
            fields[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces)
        }
        let hasNoBody = isHead || ["204", "304"].contains { statusLine.hasPrefix("HTTP/1.1 \($0)") }
        self.statusLine = String(statusLine.dropFirst("HTTP/1.1 ".count))
        self.fields = fields
        self.body = hasNoBody ? "" : String(decoding: try Self.body(&bytes, fields), as: UTF8.self)
    }

    private static func head(_ bytes: inout ArraySlice<UInt8>) throws -> [String] {
        var lines: [String] = []
        while true {
            let line = try Self.line(&bytes)
            if line.isEmpty { return lines }
            lines.append(line)
        }
    }

    private static func line(_ bytes: inout ArraySlice<UInt8>) throws -> String {
        let line = bytes.prefix { $0 != UInt8(ascii: "\n") }
        try #require(line.last == UInt8(ascii: "\r"), "the connection ended within a line")
        bytes = bytes[line.endIndex...].dropFirst()
        return String(decoding: line.dropLast(), as: UTF8.self)
    }

    private static func body(_ bytes: inout ArraySlice<UInt8>, _ fields: [String: String]) throws -> ArraySlice<UInt8> {
        guard fields["transfer-encoding"] != "chunked" else { return try Self.chunks(&bytes) }
        return try Self.take(try #require(Int(fields["content-length"] ?? "none")), &bytes)
    }

    private static func chunks(_ bytes: inout ArraySlice<UInt8>) throws -> ArraySlice<UInt8> {
        var body: ArraySlice<UInt8> = []
        while true {
            let size = try #require(Int(try Self.line(&bytes), radix: 16))
            body += try Self.take(size, &bytes)
            try #require(try Self.line(&bytes).isEmpty)
            if size == 0 { return body }
        }
    }

    private static func take(_ count: Int, _ bytes: inout ArraySlice<UInt8>) throws -> ArraySlice<UInt8> {
        try #require(count >= 0 && count <= bytes.count, "the body is shorter than announced")
        defer { bytes = bytes.dropFirst(count) }
        return bytes.prefix(count)
    }
}
