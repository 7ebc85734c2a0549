// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// The labels of a series, as they stand on the page between braces: `outcome="done",store="RedisStore"`.
struct SeriesLabels: Hashable, Comparable, Sendable {
    let text: String

    /// - Parameters:
    ///   - dimensions: Names and values, in any order. Of two with the same name the first counts: Prometheus refuses a
    ///     whole page for one label that is there twice.
    ///   - reserved: A name that is not to be had.
    init(_ dimensions: [(String, String)], reserved: String?) {
        var values: [String: String] = [:]
        for (dimension, value) in dimensions {
            let name = MetricName.label(dimension)
            let free = name == reserved ? name + "_" : name
            if values[free] == nil { values[free] = value }
        }
        self.text = values.sorted { $0.key < $1.key }.map { "\($0.key)=\"\(Self.escaped($0.value))\"" }
            .joined(separator: ",")
    }

    /// With one more label at the end.
    func adding(_ name: String, _ value: String) -> String {
        "{\(self.text.isEmpty ? "" : self.text + ",")\(name)=\"\(value)\"}"
    }

    /// In braces; nothing without labels.
    var inBraces: String { self.text.isEmpty ? "" : "{\(self.text)}" }

    // Names with the same letters in other bytes are other labels, although Swift calls the texts equal.
    static func == (one: Self, other: Self) -> Bool { one.text.utf8.elementsEqual(other.text.utf8) }
    static func < (one: Self, other: Self) -> Bool { one.text.utf8.lexicographicallyPrecedes(other.text.utf8) }
    func hash(into hasher: inout Hasher) {
        for byte in self.text.utf8 { hasher.combine(byte) }
    }

    /// By scalars: Swift takes a quote with an accent for one character, and would not escape it.
    static func escaped(_ value: String) -> String {
        var escaped = String.UnicodeScalarView()
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\\", "\"":
                escaped.append("\\")
                escaped.append(scalar)
            case "\n": escaped.append(contentsOf: "\\n".unicodeScalars)
            default: escaped.append(scalar)
            }
        }
        return String(escaped)
    }
}
