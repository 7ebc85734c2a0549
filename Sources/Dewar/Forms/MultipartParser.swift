// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// Reads a complete `multipart/form-data` body (RFC 7578), in one pass and in time linear in its length.
///
/// It takes what Werkzeug takes (werkzeug/sansio/multipart.py): line ends of CRLF, LF or CR, anything before the
/// first and after the last boundary, and white space behind a boundary. A part without a name cannot be asked for and
/// is left out.
struct MultipartParser {
    private let body: [UInt8]
    private let limits: FormLimits
    private let search: ByteSearch
    private var position = 0
    private var partCount = 0
    private var fields: [(String, String)] = []
    private var files: [UploadedFile] = []

    /// The form in `body`, or nil when it is malformed or cut short.
    static func parse(
        _ body: [UInt8], boundary: String, limits: FormLimits
    ) throws(FormTooLargeError) -> FormData? {
        // A line end inside the boundary could not come from an HTTP header.
        guard !boundary.isEmpty, boundary.utf8.allSatisfy({ $0 < 0x80 && !$0.isLineEnd }) else { return nil }
        var parser = Self(body: body, limits: limits, search: ByteSearch(Array("--\(boundary)".utf8)))
        guard try parser.run() else { return nil }
        return FormData(fields: MultiDictionary(parser.fields), files: parser.files)
    }

    private init(body: [UInt8], limits: FormLimits, search: ByteSearch) {
        self.body = body
        self.limits = limits
        self.search = search
    }

    private mutating func run() throws(FormTooLargeError) -> Bool {
        let first = self.nextDelimiter(needsLineEnd: false)
        try self.checkMemory(self.position..<(first?.start ?? self.body.count))
        guard var delimiter = first else { return false }
        self.position = delimiter.end
        while !delimiter.isLast {
            guard let next = try self.readPart() else { return false }
            delimiter = next
            self.position = delimiter.end
        }
        try self.checkMemory(self.position..<self.body.count)
        return true
    }

    /// Reads the part at `position` and returns the delimiter that ends it; nil when the part is malformed.
    private mutating func readPart() throws(FormTooLargeError) -> Delimiter? {
        guard let headers = try self.readHeaders(), let disposition = headers["Content-Disposition"] else { return nil }
        let parameters = HeaderParameters(disposition)
        self.partCount += 1
        guard self.partCount <= self.limits.maximumParts else {
            throw FormTooLargeError(.parts, limit: self.limits.maximumParts)
        }
        // `position` is at the blank line, whose line end may also be the beginning of the delimiter.
        let start = self.position + self.lineEndLength(at: self.position)
        let delimiter = self.nextDelimiter(needsLineEnd: true)
        let content = start..<max(start, delimiter?.start ?? self.body.count)
        if parameters["filename"] == nil { try self.checkMemory(content) }
        guard let delimiter else { return nil }
        if let name = parameters["name"] {
            self.add(name, filename: parameters["filename"], headers: headers, content: self.body[content])
        }
        return delimiter
    }

    private mutating func add(
        _ name: String, filename: String?, headers: MultipartHeaders, content: ArraySlice<UInt8>
    ) {
        if let filename {
            self.files.append(UploadedFile(name: name, filename: filename, headers: headers, content: Array(content)))
        } else {
            self.fields.append((name, headers.charset.decode(content)))
        }
    }

    /// Reads the header lines at `position` and leaves it at the blank line behind them.
    private mutating func readHeaders() throws(FormTooLargeError) -> MultipartHeaders? {
        let start = self.position
        let end = self.blankLine(from: start)
        try self.checkMemory(start..<(end ?? self.body.count))
        guard let end else { return nil }
        self.position = end + self.lineEndLength(at: end)
        return MultipartHeaders(parsing: self.body[start..<end])
    }

    /// Where the two equal line ends that end the headers begin.
    private func blankLine(from start: Int) -> Int? {
        (start..<self.body.count).first { index in
            let length = self.lineEndLength(at: index)
            guard length > 0, self.lineEndLength(at: index + length) > 0 else { return false }
            let next = index + length
            return self.body[index] == self.body[next] && self.lineEndLength(at: next) >= length
        }
    }

    /// The length of the line end at `index`: 2 for CRLF, 1 for CR or LF alone, 0 when there is none.
    private func lineEndLength(at index: Int) -> Int {
        guard index < self.body.count, self.body[index].isLineEnd else { return 0 }
        let isCRLF =
            self.body[index] == UInt8(ascii: "\r") && index + 1 < self.body.count
            && self.body[index + 1] == UInt8(ascii: "\n")
        return isCRLF ? 2 : 1
    }

    private func checkMemory(_ range: Range<Int>) throws(FormTooLargeError) {
        guard range.count <= self.limits.maximumMemory else {
            throw FormTooLargeError(.memory, limit: self.limits.maximumMemory)
        }
    }
}

extension MultipartParser {
    /// A boundary's line: the line end before it, two hyphens, the boundary, and what follows it.
    private struct Delimiter {
        let start: Int
        let end: Int
        let isLast: Bool
    }

    /// The first delimiter from `position` on. Only the first delimiter of a body may lack the line end before it.
    private func nextDelimiter(needsLineEnd: Bool) -> Delimiter? {
        var found: Delimiter?
        _ = self.search.firstEnd(in: self.body, from: self.position) { end in
            found = self.delimiter(behind: end, needsLineEnd: needsLineEnd)
            return found != nil
        }
        return found
    }

    /// The delimiter whose boundary ends at `end`, or nil when what is around the boundary makes it no delimiter.
    private func delimiter(behind end: Int, needsLineEnd: Bool) -> Delimiter? {
        var start = end - self.search.pattern.count
        if start > self.position, self.body[start - 1].isLineEnd {
            start -= 1
            let isCRLF = start > self.position && self.lineEndLength(at: start - 1) == 2
            if isCRLF { start -= 1 }
        } else if needsLineEnd {
            return nil
        }
        if self.body[end...].starts(with: [UInt8(ascii: "-"), UInt8(ascii: "-")]) {
            return Delimiter(start: start, end: end + 2, isLast: true)
        }
        let rest = self.body[end...].firstIndex { !$0.isInlineSpace } ?? self.body.count
        let length = self.lineEndLength(at: rest)
        return length > 0 ? Delimiter(start: start, end: rest + length, isLast: false) : nil
    }
}

extension UInt8 {
    fileprivate var isLineEnd: Bool {
        self == UInt8(ascii: "\r") || self == UInt8(ascii: "\n")
    }

    /// Space, tab, vertical tab, form feed.
    fileprivate var isInlineSpace: Bool {
        self == 0x20 || self == 0x09 || self == 0x0B || self == 0x0C
    }
}
