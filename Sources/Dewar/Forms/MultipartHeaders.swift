// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// The headers of one part of a multipart form, in the order in which they arrived.
///
/// Names are looked up without regard to the case of ASCII letters.
public struct MultipartHeaders: Sendable {
    private let fields: [Field]

    /// Makes headers of `fields`.
    public init(_ fields: some Sequence<(String, String)> = EmptyCollection<(String, String)>()) {
        self.fields = fields.map { Field(name: $0.0, value: $0.1) }
    }

    /// The value of the first header called `name`, or nil when there is none.
    public subscript(name: String) -> String? {
        let wanted = name.lowercasedASCII.utf8
        return self.fields.first { $0.name.lowercasedASCII.utf8.elementsEqual(wanted) }?.value
    }

    /// How many headers there are.
    public var count: Int { self.fields.count }

    private struct Field: Sendable {
        let name: String
        let value: String
    }
}

extension MultipartHeaders: Sequence {
    /// Goes over every header, in order.
    public func makeIterator() -> some IteratorProtocol<(name: String, value: String)> {
        self.fields.lazy.map { (name: $0.name, value: $0.value) }.makeIterator()
    }
}

extension MultipartHeaders {
    /// Reads the lines of a part's head; nil when a line is not UTF-8.
    ///
    /// A line that begins with a space or tab continues the one before it; a line without a colon is a name without a
    /// value.
    init?(parsing bytes: ArraySlice<UInt8>) {
        var fields: [(String, String)] = []
        for line in Self.unfolded(bytes).split(whereSeparator: { $0 == 0x0D || $0 == 0x0A }) {
            guard let text = String(validating: line, as: UTF8.self) else { return nil }
            let trimmed = text.unicodeScalars.trimmingWhiteSpace
            guard !trimmed.isEmpty else { continue }
            let colon = trimmed.firstIndex(of: ":") ?? trimmed.endIndex
            fields.append(
                (
                    String(trimmed[..<colon].trimmingWhiteSpace),
                    String(trimmed[colon...].dropFirst().trimmingWhiteSpace)
                ))
        }
        self.init(fields)
    }

    /// The charset that a field's value is in: the one its Content-Type names, when it is allowed, or UTF-8.
    var charset: FormCharset {
        guard let type = self["Content-Type"], let name = HeaderParameters(type)["charset"] else { return .utf8 }
        return FormCharset(name: name) ?? .utf8
    }

    /// `bytes` with each line end and the space or tab behind it replaced by one space.
    private static func unfolded(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var output: [UInt8] = []
        for byte in bytes {
            let follows = output.last == 0x0D || output.last == 0x0A
            guard follows, byte == 0x20 || byte == 0x09 else {
                output.append(byte)
                continue
            }
            if output.removeLast() == 0x0A, output.last == 0x0D { output.removeLast() }
            output.append(0x20)
        }
        return output
    }
}
