// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import CoreMetrics
import Synchronization

/// One series of a metric: what a handler of swift-metrics changes, and the page shows.
protocol MetricSeries: AnyObject, Sendable {
    /// The lines of the series, each with its line end.
    func lines(_ name: String, _ labels: SeriesLabels) -> String
}

/// A number that rises.
final class CounterSeries: MetricSeries, CounterHandler, FloatingPointCounterHandler {
    private let whole = Atomic<Int64>(0)
    private let fraction = Mutex(0.0)

    /// What is below 0 is passed over: Prometheus would take the fall for a restart of the process.
    func increment(by amount: Int64) {
        if amount > 0 { self.whole.wrappingAdd(amount, ordering: .relaxed) }
    }

    func increment(by amount: Double) {
        if amount > 0, amount.isFinite { self.fraction.withLock { $0 += amount } }
    }

    func reset() {
        self.whole.store(0, ordering: .relaxed)
        self.fraction.withLock { $0 = 0 }
    }

    func lines(_ name: String, _ labels: SeriesLabels) -> String {
        let (whole, fraction) = (self.whole.load(ordering: .relaxed), self.fraction.withLock(\.self))
        let value = fraction == 0 ? "\(whole)" : SampleValue.text(Double(whole) + fraction)
        return "\(name)\(labels.inBraces) \(value)\n"
    }
}

/// A number that rises and falls.
final class GaugeSeries: MetricSeries, MeterHandler, RecorderHandler {
    private let value = Mutex(0.0)

    func set(_ value: Int64) { self.set(Double(value)) }
    func set(_ value: Double) { self.value.withLock { $0 = value } }
    func increment(by amount: Double) { self.value.withLock { $0 += amount } }
    func decrement(by amount: Double) { self.value.withLock { $0 -= amount } }
    func record(_ value: Int64) { self.set(value) }
    func record(_ value: Double) { self.set(value) }

    func lines(_ name: String, _ labels: SeriesLabels) -> String {
        "\(name)\(labels.inBraces) \(SampleValue.text(self.value.withLock(\.self)))\n"
    }
}

/// How many values there were, and their sum.
final class SummarySeries: MetricSeries, RecorderHandler {
    private let values = Mutex((count: 0, sum: 0.0))

    func record(_ value: Int64) { self.record(Double(value)) }

    /// What is no number would stay in the sum for ever.
    func record(_ value: Double) {
        guard value.isFinite else { return }
        self.values.withLock { $0 = ($0.count + 1, $0.sum + value) }
    }

    func lines(_ name: String, _ labels: SeriesLabels) -> String {
        let (count, sum) = self.values.withLock(\.self)
        return """
            \(name)_sum\(labels.inBraces) \(SampleValue.text(sum))
            \(name)_count\(labels.inBraces) \(count)

            """
    }
}

/// How many durations there were up to each bound, how many in all, and their sum.
final class HistogramSeries: MetricSeries, TimerHandler {
    private struct Values {
        /// For each bound, those above the bound before it and not above this one; then those above all.
        var counts: [Int]
        var nanoseconds: Int64 = 0
    }

    private let bounds: [Double]
    private let values: Mutex<Values>

    /// - Parameter bounds: The upper bounds in seconds, ascending.
    init(bounds: [Double]) {
        self.bounds = bounds
        self.values = Mutex(Values(counts: Array(repeating: 0, count: bounds.count + 1)))
    }

    /// A clock that was put back gives a time below 0, which counts as 0: a sum never falls.
    func recordNanoseconds(_ duration: Int64) {
        let nanoseconds = max(duration, 0)
        let seconds = Double(nanoseconds) / 1e9
        let bucket = self.bounds.firstIndex { seconds <= $0 } ?? self.bounds.count
        self.values.withLock { values in
            values.counts[bucket] += 1
            let (sum, isTooLarge) = values.nanoseconds.addingReportingOverflow(nanoseconds)
            values.nanoseconds = isTooLarge ? .max : sum
        }
    }

    func lines(_ name: String, _ labels: SeriesLabels) -> String {
        let values = self.values.withLock(\.self)
        var (lines, count) = ("", 0)
        for (bound, inBucket) in zip(self.bounds.map(SampleValue.text) + ["+Inf"], values.counts) {
            count += inBucket
            lines += "\(name)_bucket\(labels.adding("le", bound)) \(count)\n"
        }
        return lines + """
            \(name)_sum\(labels.inBraces) \(SampleValue.text(Double(values.nanoseconds) / 1e9))
            \(name)_count\(labels.inBraces) \(count)

            """
    }
}

/// Numbers as the page has them.
enum SampleValue {
    static func text(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value > 0 ? "+Inf" : "-Inf" }
        return Int64(exactly: value).map { "\($0)" } ?? "\(value)"
    }
}
