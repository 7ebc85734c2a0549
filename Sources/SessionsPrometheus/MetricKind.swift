// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// What kind of metric a name stands for; its raw value is the type on the page.
enum MetricKind: String {
    case counter, gauge, histogram, summary

    /// The name on the page: a timer's says that its unit is the second, as Prometheus recommends.
    func name(of label: String) -> String {
        let name = MetricName.metric(label)
        return self == .histogram && !name.hasSuffix("_seconds") ? name + "_seconds" : name
    }

    /// All names that samples of the metric have. No other metric may have one of them.
    func sampleNames(of name: String) -> [String] {
        switch self {
        case .counter, .gauge: [name]
        case .histogram: [name, "\(name)_bucket", "\(name)_sum", "\(name)_count"]
        case .summary: [name, "\(name)_sum", "\(name)_count"]
        }
    }

    /// The label that the samples themselves need.
    var reservedLabel: String? {
        switch self {
        case .counter, .gauge: nil
        case .histogram: "le"
        case .summary: "quantile"
        }
    }
}

/// Names as Prometheus takes them (its data model, "Metric names and labels").
enum MetricName {
    /// Letters, digits, `_` and `:`, no digit first.
    static func metric(_ label: String) -> String { self.plain(label, takesColons: true) }

    /// Letters, digits and `_`, no digit first, and not two `_` first, which Prometheus keeps for itself.
    static func label(_ dimension: String) -> String {
        let name = self.plain(dimension, takesColons: false)
        return name.hasPrefix("__") ? "_" + name.drop { $0 == "_" } : name
    }

    private static func plain(_ text: String, takesColons: Bool) -> String {
        var name = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "a"..."z", "A"..."Z", "_": name.unicodeScalars.append(scalar)
            case "0"..."9":
                if name.isEmpty { name = "_" }
                name.unicodeScalars.append(scalar)
            case ":" where takesColons: name.unicodeScalars.append(scalar)
            default: name.unicodeScalars.append("_")
            }
        }
        return name.isEmpty ? "_" : name
    }
}
