// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

/// What codings of a response a client takes (RFC 9110, section 12.5.3).
enum AcceptEncoding {
    /// Whether a response in gzip is at least as welcome as one without a coding.
    ///
    /// - Parameter fields: The lines of `Accept-Encoding`. An element that cannot be read is passed over.
    static func prefersGzip(_ fields: [String]) -> Bool {
        var weights: [String: Int] = [:]
        // By bytes: a sign beyond ASCII may make one character of itself and the comma before it.
        for element in fields.joined(separator: ",").utf8.split(separator: UInt8(ascii: ",")) {
            let parts = element.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false)
                .map(Self.trimmed)
            guard let weight = Self.weight(parts.dropFirst()) else { continue }
            let name = Substring(parts[0]).lowercased()
            // The old name of gzip (RFC 9110, section 8.4.1.3).
            let coding = name == "x-gzip" ? "gzip" : name
            weights[coding] = max(weight, weights[coding] ?? 0)
        }
        let gzip = weights["gzip"] ?? weights["*"] ?? 0
        // Without a coding a response is acceptable unless said otherwise; how much, only its own name says.
        return gzip > 0 && gzip >= weights["identity"] ?? 0
    }

    /// A weight in thousandths: 1000 without a parameter; nil for anything but one `q` of at most three decimals.
    private static func weight(_ parameters: ArraySlice<Substring.UTF8View>) -> Int? {
        guard let parameter = parameters.first else { return 1000 }
        guard parameters.count == 1, parameter.starts(with: "q=".utf8) || parameter.starts(with: "Q=".utf8) else {
            return nil
        }
        let digits = parameter.dropFirst(2)
        guard let first = digits.first, first == UInt8(ascii: "0") || first == UInt8(ascii: "1") else { return nil }
        let rest = digits.dropFirst()
        guard !rest.isEmpty else { return first == UInt8(ascii: "1") ? 1000 : 0 }
        let decimals = rest.dropFirst()
        guard rest.first == UInt8(ascii: "."), decimals.count <= 3, decimals.allSatisfy(\.isASCIIDigit) else {
            return nil
        }
        let padded = String(Substring(decimals)) + String(repeating: "0", count: 3 - decimals.count)
        let weight = (first == UInt8(ascii: "1") ? 1000 : 0) + (Int(padded) ?? 0)
        return weight <= 1000 ? weight : nil
    }

    private static func trimmed(_ text: Substring.UTF8View) -> Substring.UTF8View {
        let isBlank = { (byte: UInt8) in byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
        var text = text.drop(while: isBlank)
        while let last = text.last, isBlank(last) { text = text.dropLast() }
        return text
    }
}
