// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

/// A header value followed by parameters, such as `form-data; name="a"; filename*=UTF-8''b`.
///
/// Reads as Werkzeug's `parse_options_header` does (werkzeug/http.py:455): RFC 9110 tokens and quoted strings, with
/// `%22` for a quote as browsers write it, and the charsets and continuations of RFC 2231. Malformed parameters are
/// skipped.
package struct HeaderParameters: Sendable {
    /// The text before the first semicolon, without white space around it.
    package let value: String

    /// By name in lower case. Names are ASCII, so plain string keys compare by bytes.
    private let parameters: [String: String]

    /// Reads `header`.
    package init(_ header: String) {
        let scalars = header.unicodeScalars
        let end = scalars.firstIndex(of: ";") ?? scalars.endIndex
        self.value = String(scalars[..<end].trimmingWhiteSpace)
        let rest = Array(scalars[end...].dropFirst().trimmingWhiteSpace)
        self.parameters = self.value.isEmpty ? [:] : Self.combined(Self.split(rest))
    }

    /// The names of the parameters, in lower case.
    package var names: Set<String> { Set(self.parameters.keys) }

    /// The parameter `name`, which must be in lower case, or nil when there is none.
    package subscript(name: String) -> String? {
        self.parameters[name]
    }

    private typealias Raw = (name: String, value: [Unicode.Scalar])

    /// The well-formed `name=value` pairs, values still quoted and encoded.
    private static func split(_ text: [Unicode.Scalar]) -> [Raw] {
        var pairs: [Raw] = []
        var position = 0
        while true {
            let name = text[position...].prefix(while: Self.isTokenScalar)
            if !name.isEmpty, name.endIndex < text.count, text[name.endIndex] == "=" {
                position = name.endIndex + 1
                if let end = Self.valueEnd(text, from: position) {
                    pairs.append((String(name).lowercasedASCII, Array(text[position..<end])))
                    position = end
                }
            }
            guard let semicolon = text[position...].firstIndex(of: ";") else { return pairs }
            position = text[(semicolon + 1)...].firstIndex { !$0.isWhiteSpace } ?? text.count
        }
    }

    /// Where the token or quoted string at `start` ends; nil when there is neither.
    private static func valueEnd(_ text: [Unicode.Scalar], from start: Int) -> Int? {
        let token = text[start...].prefix(while: Self.isTokenScalar)
        if !token.isEmpty { return token.endIndex }
        guard start < text.count, text[start] == "\"" else { return nil }
        var position = start + 1
        while position < text.count {
            let isEscape =
                text[position] == "\\" && position + 1 < text.count
                && (text[position + 1] == "\\" || text[position + 1] == "\"")
            if isEscape {
                position += 2
            } else if text[position] == "\"" {
                return position + 1
            } else {
                position += 1
            }
        }
        return nil
    }

    /// Decodes the values and joins continued ones.
    private static func combined(_ pairs: [Raw]) -> [String: String] {
        var parameters: [String: String] = [:]
        // Both carry over from one parameter to the next, as in Werkzeug: a continuation need not repeat its charset.
        var charsetName = ""
        var charset: FormCharset?
        for var (name, value) in pairs {
            if name.utf8.last == UInt8(ascii: "*") {
                name.removeLast()
                if let marked = Self.splitCharset(value) { (charsetName, value) = marked }
                let known = charsetName.isEmpty ? charset : FormCharset(name: charsetName)
                if let known {
                    charset = known
                    value = Self.percentDecoded(value, charset: known)
                }
            }
            let text = Self.unquoted(value)
            if let base = Self.continuedName(name) {
                parameters[base, default: ""] += text
            } else {
                parameters[name] = text
            }
        }
        return parameters
    }

    /// Splits `charset'language'value` of RFC 2231, or gives nil when `value` is not of that form.
    private static func splitCharset(_ value: [Unicode.Scalar]) -> (String, [Unicode.Scalar])? {
        let pieces = value.split(separator: "'", maxSplits: 2, omittingEmptySubsequences: false)
        guard pieces.count == 3, value.first != "\"", !pieces[2].isEmpty else { return nil }
        return (String(pieces[0]), Array(pieces[2]))
    }

    private static func percentDecoded(_ value: [Unicode.Scalar], charset: FormCharset) -> [Unicode.Scalar] {
        var output: [Unicode.Scalar] = []
        var rest = value[...]
        while let first = rest.first {
            // Text that is not ASCII stands for itself. The ASCII text on either side of it is decoded separately.
            guard first.isASCII else {
                output.append(first)
                rest = rest.dropFirst()
                continue
            }
            let run = rest.prefix { $0.isASCII }
            let bytes = PercentEncoding.decode(run.map { UInt8(truncatingIfNeeded: $0.value) })
            output.append(contentsOf: charset.decode(bytes).unicodeScalars)
            rest = rest[run.endIndex...]
        }
        return output
    }

    /// Removes quotes around `value`, and the escapes inside them that HTTP and that browsers use.
    private static func unquoted(_ value: [Unicode.Scalar]) -> String {
        guard value.first == "\"", value.last == "\"" else { return String(value[...]) }
        guard value.count > 1 else { return "" }
        let inner = Self.replacing(#"\\"#, in: value.dropFirst().dropLast(), with: "\\")
        let quoted = Self.replacing(#"\""#, in: inner[...], with: "\"")
        return String(Self.replacing("%22", in: quoted[...], with: "\"")[...])
    }

    private static func replacing(
        _ pattern: String, in text: ArraySlice<Unicode.Scalar>, with replacement: Unicode.Scalar
    ) -> [Unicode.Scalar] {
        let pattern = Array(pattern.unicodeScalars)
        var output: [Unicode.Scalar] = []
        var rest = text
        while let first = rest.first {
            let matches = rest.starts(with: pattern)
            output.append(matches ? replacement : first)
            rest = rest.dropFirst(matches ? pattern.count : 1)
        }
        return output
    }

    /// The name without the `*0`, `*1` ... of a continuation, or nil when there is no such ending.
    private static func continuedName(_ name: String) -> String? {
        let base = name.utf8.reversed().drop(while: \.isASCIIDigit)
        guard base.count < name.utf8.count, base.first == UInt8(ascii: "*") else { return nil }
        return String(decoding: base.dropFirst().reversed(), as: UTF8.self)
    }

    /// A token's characters (RFC 9110, section 5.6.2): letters, digits and ``!#$%&'*+-.^_`|~``.
    private static func isTokenScalar(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "!", "#", "$", "%", "&", "'", "*", "+", "-", ".", "^", "_", "`", "|", "~":
            true
        default:
            false
        }
    }
}

extension String {
    fileprivate init(_ scalars: ArraySlice<Unicode.Scalar>) {
        var view = UnicodeScalarView()
        view.append(contentsOf: scalars)
        self.init(view)
    }
}
