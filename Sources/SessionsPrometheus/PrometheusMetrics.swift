// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

public import CoreMetrics

/// A backend of swift-metrics that writes its numbers as a page of text, which Prometheus and most other collectors
/// read.
///
/// ```swift
/// let metrics = PrometheusMetrics()
/// MetricsSystem.bootstrap(metrics)  // first of all, before an App or a SessionManager is made
/// ```
///
/// ``text()`` is the page; answer requests for `/metrics` with it, of the type ``contentType``. It tells how many
/// visitors a site has, and what fails: do not show it to everyone. `docs/OBSERVABILITY.md` has a program that serves it
/// on an address of its own.
///
/// | swift-metrics | on the page |
/// |---|---|
/// | `Counter`, `FloatingPointCounter` | a counter |
/// | `Gauge`, `Meter` | a gauge |
/// | `Timer` | a histogram in seconds, whose name ends in `_seconds` |
/// | `Recorder` | a summary: count and sum, without quantiles |
///
/// Labels have the names that the program gives them, with `_` for each character that Prometheus does not take.
///
/// The number of series is bounded: one more is counted by its program and not shown. So is one whose name another
/// kind of metric has already. `metrics_series_left_out_total` on the page counts how often that happened.
public final class PrometheusMetrics: MetricsFactory {
    /// The media type of the page.
    public static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    /// The upper bounds of a timer's buckets, unless set: from 1 ms to 10 s.
    public static let defaultTimerBuckets: [Duration] = [
        .milliseconds(1), .microseconds(2_500), .milliseconds(5), .milliseconds(10), .milliseconds(25),
        .milliseconds(50), .milliseconds(100), .milliseconds(250), .milliseconds(500), .seconds(1),
        .milliseconds(2_500), .seconds(5), .seconds(10),
    ]

    private let registry: MetricRegistry
    private let timerBounds: [Double]

    /// A backend without metrics. A process needs one.
    ///
    /// - Parameters:
    ///   - maximumSeries: How many series the page has at most. A series is a metric with one value for each of its
    ///     labels; a timer counts as one.
    ///   - timerBuckets: The upper bounds of the buckets of timers, in any order.
    ///   - help: What metrics mean, by their names on the page. Those of this package have texts already.
    public init(
        maximumSeries: Int = 5_000, timerBuckets: [Duration] = PrometheusMetrics.defaultTimerBuckets,
        help: [String: String] = [:]
    ) {
        self.registry = MetricRegistry(maximumSeries: maximumSeries, help: HelpTexts(own: help))
        self.timerBounds = Set(timerBuckets).sorted().map(Self.seconds)
    }

    /// The page, as it is now: each metric with its help text and its kind, in the order of the names.
    public func text() -> String { self.registry.text() }

    private static func seconds(_ duration: Duration) -> Double {
        Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
    }

    // MARK: - For swift-metrics

    /// The counter with this label and these dimensions.
    public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        self.registry.series(.counter, label, dimensions) { CounterSeries() }
    }

    /// The counter with this label and these dimensions.
    public func makeFloatingPointCounter(
        label: String, dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler {
        self.registry.series(.counter, label, dimensions) { CounterSeries() }
    }

    /// The gauge with this label and these dimensions.
    public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        self.registry.series(.gauge, label, dimensions) { GaugeSeries() }
    }

    /// The summary with this label and these dimensions, or the gauge, if values replace each other.
    public func makeRecorder(
        label: String, dimensions: [(String, String)], aggregate: Bool
    ) -> any RecorderHandler {
        if aggregate { return self.registry.series(.summary, label, dimensions) { SummarySeries() } }
        return self.registry.series(.gauge, label, dimensions) { GaugeSeries() }
    }

    /// The histogram with this label and these dimensions.
    public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        self.registry.series(.histogram, label, dimensions) { HistogramSeries(bounds: self.timerBounds) }
    }

    /// Takes a counter off the page. One that is made later under its name begins at 0.
    public func destroyCounter(_ handler: any CounterHandler) { self.registry.remove(handler) }

    /// Takes a counter off the page.
    public func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {
        self.registry.remove(handler)
    }

    /// Takes a gauge off the page.
    public func destroyMeter(_ handler: any MeterHandler) { self.registry.remove(handler) }

    /// Takes a summary or a gauge off the page.
    public func destroyRecorder(_ handler: any RecorderHandler) { self.registry.remove(handler) }

    /// Takes a histogram off the page.
    public func destroyTimer(_ handler: any TimerHandler) { self.registry.remove(handler) }
}
