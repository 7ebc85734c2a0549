// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import CoreMetrics
import Synchronization

/// The metrics of a process, by their names on the page.
final class MetricRegistry: Sendable {
    fileprivate struct Metric {
        let kind: MetricKind
        /// As the program calls it.
        let label: String
        var series: [SeriesLabels: any MetricSeries] = [:]
    }

    fileprivate struct State {
        var metrics: [String: Metric] = [:]
        /// The names of all samples.
        var taken: Set<String> = [MetricRegistry.nameOfLeftOut]
        var count = 0
    }

    private static let nameOfLeftOut = "metrics_series_left_out_total"

    private let maximumSeries: Int
    private let help: HelpTexts
    private let state = Mutex(State())
    private let leftOut = CounterSeries()

    init(maximumSeries: Int, help: HelpTexts) {
        self.maximumSeries = maximumSeries
        self.help = help
    }

    /// The series of a metric with these dimensions, made if it is not there; if there is no place for it, one that the
    /// page does not show.
    func series<Series: MetricSeries>(
        _ kind: MetricKind, _ label: String, _ dimensions: [(String, String)], make: () -> Series
    ) -> Series {
        let name = kind.name(of: label)
        let labels = SeriesLabels(dimensions, reserved: kind.reservedLabel)
        let shown = self.state.withLock { state -> Series? in
            if let metric = state.metrics[name], metric.kind == kind, let found = metric.series[labels] {
                return found as? Series
            }
            guard state.count < self.maximumSeries, state.takes(name, kind, label) else { return nil }
            let new = make()
            state.metrics[name]?.series[labels] = new
            state.count += 1
            return new
        }
        if let shown { return shown }
        self.leftOut.increment(by: 1 as Int64)
        return make()
    }

    /// Takes a series off the page.
    func remove(_ handler: AnyObject) {
        self.state.withLock { state in
            for (name, metric) in state.metrics {
                guard let labels = metric.series.first(where: { $0.value === handler })?.key else { continue }
                state.metrics[name]?.series[labels] = nil
                state.count -= 1
                if metric.series.count == 1 { state.forget(name, metric.kind) }
                return
            }
        }
    }

    /// The page.
    func text() -> String {
        var page = self.head(Self.nameOfLeftOut, .counter, label: Self.nameOfLeftOut)
        page += self.leftOut.lines(Self.nameOfLeftOut, SeriesLabels([], reserved: nil))
        // What the series hold is read outside of the lock, so that a large page holds up no program that counts.
        for (name, metric) in self.state.withLock(\.metrics).sorted(by: { $0.key < $1.key }) {
            page += self.head(name, metric.kind, label: metric.label)
            for (labels, series) in metric.series.sorted(by: { $0.key < $1.key }) {
                page += series.lines(name, labels)
            }
        }
        return page
    }

    private func head(_ name: String, _ kind: MetricKind, label: String) -> String {
        "# HELP \(name) \(self.help.text(of: name, kind, label: label))\n# TYPE \(name) \(kind.rawValue)\n"
    }
}

extension MetricRegistry.State {
    /// Whether the page can have a metric of this kind under this name; adds the metric if it is not there.
    fileprivate mutating func takes(_ name: String, _ kind: MetricKind, _ label: String) -> Bool {
        if let metric = self.metrics[name] { return metric.kind == kind }
        let names = kind.sampleNames(of: name)
        guard self.taken.isDisjoint(with: names) else { return false }
        self.taken.formUnion(names)
        self.metrics[name] = MetricRegistry.Metric(kind: kind, label: label)
        return true
    }

    fileprivate mutating func forget(_ name: String, _ kind: MetricKind) {
        self.metrics[name] = nil
        self.taken.subtract(kind.sampleNames(of: name))
    }
}
