// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// Host names in the ASCII form that goes on the wire (IDNA 2003, RFC 3490).
package enum DomainName {
    /// Encodes the labels as Python's `idna` codec does: ASCII labels stay as they are, others become `xn--` and
    /// Punycode.
    ///
    /// One dot at the end is allowed, and so is an empty name. Nil when a label is empty or has more than 63 bytes, or
    /// when it holds a character beyond ASCII that Nameprep (RFC 3491) prohibits. The caller checks ASCII further.
    ///
    /// Nameprep is approximated, because the standard library has no NFKC: letters are case-folded, full-width ASCII
    /// becomes ASCII, and an accent joins its letter where Unicode has one character for the pair, in the European
    /// scripts and kana. Other compatibility characters are encoded as they are, several accents on one letter keep
    /// their order, and the rules for right-to-left labels are not checked. Otherwise fuzzed equal to Python 3.11.
    package static func ascii(_ host: String) -> String? {
        guard !host.isEmpty else { return "" }
        if host.utf8.allSatisfy({ $0 < 0x80 }) { return Self.hasGoodLengths(host) ? host : nil }
        var labels = host.unicodeScalars.split(omittingEmptySubsequences: false) { scalar in
            [".", "\u{3002}", "\u{FF0E}", "\u{FF61}"].contains(scalar)
        }
        let hasFinalDot = labels.count > 1 && labels.last?.isEmpty == true
        if hasFinalDot { labels.removeLast() }
        var encoded: [String] = []
        for label in labels {
            guard let ascii = Self.ascii(label: label), (1...63).contains(ascii.utf8.count) else { return nil }
            encoded.append(ascii)
        }
        return encoded.joined(separator: ".") + (hasFinalDot ? "." : "")
    }

    /// Whether each label has 1 to 63 bytes; the label after a final dot may be empty.
    private static func hasGoodLengths(_ host: String) -> Bool {
        var length = 0
        for byte in host.utf8 {
            if byte == UInt8(ascii: ".") {
                guard length > 0 else { return false }
                length = 0
            } else {
                length += 1
                guard length <= 63 else { return false }
            }
        }
        return true
    }

    private static func ascii(label: Substring.UnicodeScalarView) -> String? {
        if label.allSatisfy(\.isASCII) { return String(label) }
        guard let prepared = Nameprep.prepare(label) else { return nil }
        if prepared.allSatisfy(\.isASCII) { return String(prepared) }
        // Each character takes at least one byte after the prefix. The check also bounds the encoder's work.
        guard prepared.count <= 59, !String(prepared).hasPrefix("xn--") else { return nil }
        return "xn--" + Punycode.encode(prepared)
    }
}

private enum Nameprep {
    /// The label folded, composed, and without the characters that are mapped to nothing; nil when a prohibited one
    /// remains.
    static func prepare(_ label: Substring.UnicodeScalarView) -> String.UnicodeScalarView? {
        var folded = String.UnicodeScalarView()
        for scalar in label where !Self.isIgnored(scalar) {
            for narrow in Self.fold(Self.narrow(scalar)) {
                guard !Self.isProhibited(narrow) else { return nil }
                folded.append(narrow)
            }
        }
        return Self.compose(folded)
    }

    /// RFC 3454, table B.1.
    private static func isIgnored(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0xAD, 0x34F, 0x1806, 0x180B...0x180D, 0x200B...0x200D, 0x2060, 0xFE00...0xFE0F, 0xFEFF: true
        default: false
        }
    }

    /// The ASCII character of a full-width one.
    private static func narrow(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        guard (0xFF01...0xFF5E).contains(scalar.value) else { return scalar }
        return Unicode.Scalar(scalar.value - 0xFF01 + 0x21) ?? scalar
    }

    /// Case folding through both letter cases, which also takes "ß" to "ss" and the final sigma to the usual one.
    private static func fold(_ scalar: Unicode.Scalar) -> [Unicode.Scalar] {
        // The dotless i is a letter of its own.
        if scalar == "\u{131}" { return [scalar] }
        return scalar.properties.lowercaseMapping.unicodeScalars
            .flatMap { $0.properties.uppercaseMapping.unicodeScalars }
            .flatMap { $0.properties.lowercaseMapping.unicodeScalars }
    }

    private static func isProhibited(_ scalar: Unicode.Scalar) -> Bool {
        guard !scalar.isASCII else { return false }
        switch scalar.properties.generalCategory {
        case .control, .format, .privateUse, .spaceSeparator, .lineSeparator, .paragraphSeparator: return true
        default: return scalar.properties.isNoncharacterCodePoint || (0xFFF9...0xFFFD).contains(scalar.value)
        }
    }

    /// Joins letters and accents: a character that is canonically equal to a single scalar is replaced by it.
    private static func compose(_ text: String.UnicodeScalarView) -> String.UnicodeScalarView {
        guard text.contains(where: { $0.properties.canonicalCombiningClass != .notReordered }) else { return text }
        var composed = String.UnicodeScalarView()
        for character in String(text) {
            if let scalar = Self.composed[character] {
                composed.append(scalar)
            } else {
                composed.append(contentsOf: character.unicodeScalars)
            }
        }
        return composed
    }

    /// Dictionary keys are equal by canonical equivalence, so the decomposed form finds the composed one.
    private static let composed: [Character: Unicode.Scalar] = {
        let blocks: [ClosedRange<UInt32>] = [0xC0...0x2FF, 0x386...0x52F, 0x1E00...0x1FFF, 0x3040...0x30FF]
        let scalars = blocks.joined().compactMap(Unicode.Scalar.init)
        return Dictionary(scalars.map { (Character($0), $0) }) { first, _ in first }
    }()
}

/// The encoder of RFC 3492, section 6.3.
private enum Punycode {
    private static let (base, tMin, tMax, skew, damp) = (36, 1, 26, 38, 700)
    private static let digits = Array("abcdefghijklmnopqrstuvwxyz0123456789".utf8)

    /// The label has at most 59 scalars, so that no sum can overflow.
    static func encode(_ label: String.UnicodeScalarView) -> String {
        let points = label.map { Int($0.value) }
        let basic = points.filter { $0 < 0x80 }
        var output = basic.map { UInt8($0) }
        if !basic.isEmpty { output.append(UInt8(ascii: "-")) }
        var (next, delta, bias, handled) = (0x80, 0, 72, basic.count)
        while let smallest = points.filter({ $0 >= next }).min() {
            delta += (smallest - next) * (handled + 1)
            next = smallest
            for point in points {
                if point < next { delta += 1 }
                guard point == next else { continue }
                Self.append(delta, bias: bias, to: &output)
                bias = Self.adapt(delta, count: handled + 1, isFirst: handled == basic.count)
                delta = 0
                handled += 1
            }
            delta += 1
            next += 1
        }
        return String(decoding: output, as: UTF8.self)
    }

    /// Writes a number of variable length; each digit has its own threshold.
    private static func append(_ delta: Int, bias: Int, to output: inout [UInt8]) {
        var rest = delta
        var position = Self.base
        while true {
            let threshold = min(max(position - bias, Self.tMin), Self.tMax)
            if rest < threshold { break }
            output.append(Self.digits[threshold + (rest - threshold) % (Self.base - threshold)])
            rest = (rest - threshold) / (Self.base - threshold)
            position += Self.base
        }
        output.append(Self.digits[rest])
    }

    private static func adapt(_ delta: Int, count: Int, isFirst: Bool) -> Int {
        var rest = isFirst ? delta / Self.damp : delta / 2
        rest += rest / count
        var steps = 0
        while rest > (Self.base - Self.tMin) * Self.tMax / 2 {
            rest /= Self.base - Self.tMin
            steps += Self.base
        }
        return steps + (Self.base - Self.tMin + 1) * rest / (rest + Self.skew)
    }
}
