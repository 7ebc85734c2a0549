// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// The arguments of a converter, as in `string(minlength=2)` or `any(a, "b, c")`.
struct ConverterArguments: Sendable {
    private(set) var positional: [String] = []
    private(set) var named: [(name: String, value: String)] = []

    /// Cuts `text` at the commas outside quotes; a comma at the end is allowed (werkzeug/routing/rules.py:114).
    init(parsing text: String) throws(RouteError) {
        var pieces = Self.split(Array(text.utf8))
        if let last = pieces.last, Self.trimmed(last).isEmpty { pieces.removeLast() }
        for piece in pieces { try self.add(Self.trimmed(piece)) }
    }

    /// Gives positional arguments the names of `parameters` in turn, so that a converter reads each by its name.
    func values(for converter: String, parameters: [String]) throws(RouteError) -> [String: String] {
        guard self.positional.count <= parameters.count else {
            throw RouteError(.invalidRule, "\"\(converter)\" takes at most \(parameters.count) arguments.")
        }
        var values: [String: String] = [:]
        for (name, value) in zip(parameters, self.positional) { values[name] = value }
        for (name, value) in self.named {
            guard parameters.contains(name) else {
                let known = parameters.isEmpty ? "none" : parameters.joined(separator: ", ")
                throw RouteError(.invalidRule, "\"\(converter)\" has no argument \"\(name)\" (it has: \(known)).")
            }
            guard values.updateValue(value, forKey: name) == nil else {
                throw RouteError(.invalidRule, "\"\(converter)\" is given the argument \"\(name)\" twice.")
            }
        }
        return values.filter { $0.value != "None" }
    }

    private mutating func add(_ piece: ArraySlice<UInt8>) throws(RouteError) {
        if let equals = piece.firstIndex(of: UInt8(ascii: "=")), piece[..<equals].allSatisfy(Self.isBare) {
            let name = Self.trimmed(piece[..<equals])
            let value = try Self.unquoted(Self.trimmed(piece[(equals + 1)...]))
            self.named.append((String(decoding: name, as: UTF8.self), value))
        } else {
            self.positional.append(try Self.unquoted(piece))
        }
    }

    private static func split(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
        var pieces: [ArraySlice<UInt8>] = []
        var start = 0
        var quote: UInt8?
        for (index, byte) in bytes.enumerated() {
            if let open = quote {
                if byte == open { quote = nil }
            } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                quote = byte
            } else if byte == UInt8(ascii: ",") {
                pieces.append(bytes[start..<index])
                start = index + 1
            }
        }
        return pieces + [bytes[start...]]
    }

    private static func unquoted(_ piece: ArraySlice<UInt8>) throws(RouteError) -> String {
        if let quote = piece.first, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
            let inner = piece.dropFirst().dropLast()
            if piece.count >= 2, piece.last == quote, !inner.contains(quote) {
                return String(decoding: inner, as: UTF8.self)
            }
        } else if Self.isWord(piece) || Self.isNegative(piece) {
            return String(decoding: piece, as: UTF8.self)
        }
        let text = String(decoding: piece, as: UTF8.self)
        throw RouteError(.invalidRule, "the argument `\(text)` must be a word, a number or quoted text.")
    }

    /// Unlike in Werkzeug, a number may be negative here: `signed` needs that.
    private static func isNegative(_ piece: ArraySlice<UInt8>) -> Bool {
        let digits = piece.dropFirst()
        return piece.first == UInt8(ascii: "-") && (digits.first?.isASCIIDigit ?? false) && Self.isWord(digits)
    }

    private static func isWord(_ piece: ArraySlice<UInt8>) -> Bool {
        !piece.isEmpty && piece.allSatisfy { Self.isBare($0) && $0 != UInt8(ascii: " ") }
    }

    /// What an unquoted argument or a name may contain, and the spaces around it.
    private static func isBare(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: " "),
            0x80...0xFF:
            true
        default:
            false
        }
    }

    private static func trimmed(_ piece: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var piece = piece
        while let first = piece.first, first == 0x20 || (0x09...0x0D).contains(first) { piece.removeFirst() }
        while let last = piece.last, last == 0x20 || (0x09...0x0D).contains(last) { piece.removeLast() }
        return piece
    }
}
