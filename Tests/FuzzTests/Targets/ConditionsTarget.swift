// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import HTTPTypes

@testable import Dewar

extension FuzzTarget {
    /// The first byte says of what field the rest is, a line of the field in each line.
    static let conditions = FuzzTarget("conditions", "the fields that ask for a part, a version or a coding") { input in
        let (way, rest) = input.choice(of: 4)
        switch way {
        case 0: try Self.checkRange(rest)
        case 1: try Self.checkTags(rest.lines(atMost: 4).map(\.text))
        case 2: try Self.checkCodings(rest.lines(atMost: 4).map(\.text))
        default: try Self.checkPreconditions(rest.lines(atMost: 6))
        }
    }

    /// The first two bytes are the size of the file.
    private static func checkRange(_ input: [UInt8]) throws {
        let size = Int(input.first ?? 0) << 8 + Int(input.dropFirst().first ?? 0)
        let fields = input.dropFirst(2).map { $0 }.lines(atMost: 3).map(\.text)
        switch ByteRange(fields, size: size) {
        case .whole: return
        case .part(let range):
            try require(!range.isEmpty && range.lowerBound >= 0 && range.upperBound <= size, "a part the file has not")
            let written = "bytes=\(range.lowerBound)-\(range.upperBound - 1)"
            try require(ByteRange([written], size: size) == .part(range), "written again, the part is another")
        case .unsatisfiable:
            try require(size > 0, "an empty file has no parts")
            try require(fields.contains { $0.contains("-") }, "nothing was asked for")
        }
    }

    private static func checkTags(_ fields: [String]) throws {
        let tags = EntityTag.list(fields)
        try require(EntityTag.list(tags.map(\.text)) == tags, "written again, the tags are others")
        try require(EntityTag.list([tags.map(\.text).joined(separator: " , ")]) == tags, "in a line they are others")
        for tag in tags where tag.matchesStrongly(tag) {
            try require(tag.matchesWeakly(tag) && !tag.text.hasPrefix("W/"), "a weak tag names the same bytes")
        }
    }

    private static func checkCodings(_ fields: [String]) throws {
        let prefers = AcceptEncoding.prefersGzip(fields)
        try require(AcceptEncoding.prefersGzip(fields.reversed()) == prefers, "the order of the lines counts")
        let names = fields.joined().lowercased()
        try require(!prefers || names.contains("gzip") || names.contains("*"), "a coding that was not asked for")
        try require(AcceptEncoding.prefersGzip(fields + ["gzip"]), "a coding that was asked for is not preferred")
        try require(!AcceptEncoding.prefersGzip(["gzip;q=0, *;q=0"]), "a coding that was refused")
    }

    /// The first byte of each line chooses the field.
    private static func checkPreconditions(_ lines: [[UInt8]]) throws {
        let names: [HTTPField.Name] = [.ifMatch, .ifNoneMatch, .ifModifiedSince, .ifUnmodifiedSince, .ifRange]
        var headers = HTTPFields()
        for line in lines {
            let (way, value) = line.choice(of: names.count)
            headers.append(HTTPField(name: names[way], value: value.text))
        }
        let tag = EntityTag("v1")
        let conditions = Preconditions(headers: headers, entityTag: tag, modified: FuzzSetting.now)
        let has = { (name: HTTPField.Name) in headers.contains(name) }
        let lists = { (name: HTTPField.Name) in
            headers[values: name].contains { $0 == "*" || $0.contains(tag.text) }
        }
        switch conditions.outcome {
        case .proceed:
            try require(headers[values: .ifNoneMatch] != [tag.text] || has(.ifMatch), "this version is sent again")
        case .notModified:
            let isNamed = has(.ifNoneMatch) ? lists(.ifNoneMatch) : has(.ifModifiedSince)
            try require(isNamed, "a version that the client has not")
        case .failed:
            try require(has(.ifMatch) || has(.ifUnmodifiedSince), "nothing was asked for")
            try require(headers[values: .ifMatch] != [tag.text], "this version is refused")
        }
        guard has(.ifRange), conditions.allowsRange, !lists(.ifRange) else { return }
        try require(headers[values: .ifRange].count == 1, "a date that is there twice")
    }
}
