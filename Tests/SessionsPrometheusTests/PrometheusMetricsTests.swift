// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import CoreMetrics
import Testing

@testable import SessionsPrometheus

/// The page in Prometheus' text format, version 0.0.4. `Tests/Interop/test_observability.py` gives it to Prometheus itself.
@Suite struct PrometheusMetricsTests {
    private let metrics = PrometheusMetrics(timerBuckets: [.milliseconds(100), .milliseconds(5), .seconds(1)])

    /// The page without the metric that is always there.
    private func page(_ metrics: PrometheusMetrics? = nil) -> String {
        let text = (metrics ?? self.metrics).text()
        return text.split(separator: "\n").filter { !$0.contains("metrics_series_left_out_total") }
            .map { $0 + "\n" }.joined()
    }

    private func leftOut(_ metrics: PrometheusMetrics) -> Substring? {
        metrics.text().split(separator: "\n").first { $0.hasPrefix("metrics_series_left_out_total ") }?
            .split(separator: " ").last
    }

    @Test func aCounterHasHelpTypeAndValue() {
        let counter = Counter(
            label: "dewar_sessions_rejected_total", dimensions: [("reason", "expired")], factory: self.metrics)
        counter.increment()
        counter.increment(by: 41)
        // Prometheus takes a counter that falls for one that began anew.
        counter.increment(by: -40)
        #expect(
            self.page() == """
                # HELP dewar_sessions_rejected_total Cookies that open no session, by reason.
                # TYPE dewar_sessions_rejected_total counter
                dewar_sessions_rejected_total{reason="expired"} 42

                """)
        counter.reset()
        #expect(self.page().hasSuffix("{reason=\"expired\"} 0\n"))
    }

    @Test func aTimerIsAHistogramInSeconds() {
        let timer = Timer(
            label: "shop.search", dimensions: [("page", "1")], factory: self.metrics)
        for milliseconds in [4, 5, 6, 100, 2_000] { timer.recordMilliseconds(milliseconds) }
        timer.recordNanoseconds(-1)
        #expect(
            self.page() == """
                # HELP shop_search_seconds The histogram shop.search.
                # TYPE shop_search_seconds histogram
                shop_search_seconds_bucket{page="1",le="0.005"} 3
                shop_search_seconds_bucket{page="1",le="0.1"} 5
                shop_search_seconds_bucket{page="1",le="1"} 5
                shop_search_seconds_bucket{page="1",le="+Inf"} 6
                shop_search_seconds_sum{page="1"} 2.115
                shop_search_seconds_count{page="1"} 6

                """)
    }

    @Test func recordersGaugesAndMeters() {
        Recorder(label: "bytes", factory: self.metrics).record(2)
        Recorder(label: "bytes", factory: self.metrics).record(0.5)
        // One value that is no number would stay in the sum for ever.
        Recorder(label: "bytes", factory: self.metrics).record(Double.nan)
        Gauge(label: "queue", factory: self.metrics).record(7)
        Gauge(label: "queue", factory: self.metrics).record(3)
        let meter = Meter(label: "open", factory: self.metrics)
        meter.increment(by: 4)
        meter.decrement(by: 6.5)
        Meter(label: "odd", factory: self.metrics).set(-Double.infinity)
        #expect(
            self.page() == """
                # HELP bytes The summary bytes.
                # TYPE bytes summary
                bytes_sum 2.5
                bytes_count 2
                # HELP odd The gauge odd.
                # TYPE odd gauge
                odd -Inf
                # HELP open The gauge open.
                # TYPE open gauge
                open -2.5
                # HELP queue The gauge queue.
                # TYPE queue gauge
                queue 3

                """)
    }

    @Test func countersOfWholeAndOtherNumbersAreOne() {
        Counter(label: "money_total", factory: self.metrics).increment(by: 2)
        let more = FloatingPointCounter(label: "money_total", factory: self.metrics)
        more.increment(by: 0.25)
        more.increment(by: -1)
        more.increment(by: Double.infinity)
        #expect(self.page().hasSuffix("\nmoney_total 2.25\n"))
    }

    /// A quote with an accent is one character for Swift, and the end of the value for Prometheus.
    @Test func valuesAreEscaped() {
        let values = [("a", "\"x\"\\\n\"\u{301}"), ("b", "\r\n{}, é")]
        Counter(label: "n", dimensions: values, factory: self.metrics).increment()
        let expected = "n{a=\"\\\"x\\\"\\\\\\n\\\"\u{301}\",b=\"\r\\n{}, é\"} 1\n"
        #expect(self.page().utf8.suffix(expected.utf8.count).elementsEqual(expected.utf8))
        let help = PrometheusMetrics(help: ["n": "one\\two\nthree"])
        Counter(label: "n", factory: help).increment()
        #expect(self.page(help).hasPrefix("# HELP n one\\\\two\\nthree\n"))
    }

    @Test(arguments: [
        ("hb.requests", "hb_requests"), ("http/server-é", "http_server__"), ("5xx", "_5xx"), ("", "_"),
        ("job:rate", "job:rate"),
    ])
    func aNameHasOnlyWhatPrometheusTakes(label: String, name: String) {
        Counter(label: label, factory: self.metrics).increment()
        #expect(self.page().hasSuffix("# TYPE \(name) counter\n\(name) 1\n"))
    }

    /// One label twice, and Prometheus refuses the whole page. `__name__` would be the metric's own name.
    @Test func aLabelIsThereOnce() {
        let twice = [("a.b", "1"), ("a-b", "2"), ("__name__", "x"), ("le", "3"), ("job:x", "4")]
        Counter(label: "n", dimensions: twice, factory: self.metrics).increment()
        #expect(self.page().hasSuffix("\nn{_name__=\"x\",a_b=\"1\",job_x=\"4\",le=\"3\"} 1\n"))
        Timer(label: "t", dimensions: [("le", "3")], factory: self.metrics).recordSeconds(2)
        #expect(self.page().contains("\nt_seconds_bucket{le_=\"3\",le=\"+Inf\"} 1\n"))
        Recorder(label: "s", dimensions: [("quantile", "3")], factory: self.metrics).record(2)
        #expect(self.page().contains("\ns_count{quantile_=\"3\"} 1\n"))
    }

    @Test func theOrderOfDimensionsAndOfMetricsDoesNotMatter() {
        Counter(label: "b", dimensions: [("x", "1"), ("y", "2")], factory: self.metrics).increment()
        Counter(label: "b", dimensions: [("y", "2"), ("x", "1")], factory: self.metrics).increment()
        Counter(label: "a", factory: self.metrics).increment()
        let lines = self.page().split(separator: "\n").filter { !$0.hasPrefix("#") }
        #expect(lines == ["a 1", "b{x=\"1\",y=\"2\"} 2"])
    }

    @Test func thereAreNoMoreSeriesThanTheBound() {
        let metrics = PrometheusMetrics(maximumSeries: 2)
        let counters = (1...4).map {
            Counter(label: "n", dimensions: [("i", "\($0)")], factory: metrics)
        }
        for counter in counters { counter.increment() }
        #expect(self.page(metrics).hasSuffix("\nn{i=\"1\"} 1\nn{i=\"2\"} 1\n"))
        #expect(self.leftOut(metrics) == "2")
        // A place that has become free is taken.
        counters[0].destroy()
        Counter(label: "n", dimensions: [("i", "5")], factory: metrics).increment()
        #expect(self.page(metrics).hasSuffix("\nn{i=\"2\"} 1\nn{i=\"5\"} 1\n"))
    }

    /// Two metrics with one name, or samples with the name of another metric, make the page unreadable.
    @Test func aNameHasOneMeaning() {
        Counter(label: "n", factory: self.metrics).increment()
        Gauge(label: "n", factory: self.metrics).record(7)
        Timer(label: "t", factory: self.metrics).recordSeconds(1)
        Counter(label: "t_seconds_count", factory: self.metrics).increment(by: 7)
        Recorder(label: "t_seconds", factory: self.metrics).record(7)
        Gauge(label: "metrics_series_left_out_total", factory: self.metrics).record(7)
        #expect(self.page().split(separator: "\n").filter { $0.hasPrefix("# TYPE") }.count == 2)
        #expect(!self.page().contains("7"))
        #expect(self.leftOut(self.metrics) == "4")
    }

    @Test func aMetricThatIsDestroyedLeavesThePage() {
        let timer = Timer(label: "t", factory: self.metrics)
        let counter = Counter(label: "c", factory: self.metrics)
        let gauge = Gauge(label: "g", factory: self.metrics)
        let meter = Meter(label: "m", factory: self.metrics)
        let other = FloatingPointCounter(label: "f", factory: self.metrics)
        #expect(self.page().split(separator: "\n").filter { $0.hasPrefix("# TYPE") }.count == 5)
        timer.destroy()
        counter.destroy()
        gauge.destroy()
        meter.destroy()
        other.destroy()
        #expect(self.page().isEmpty)
        // Its name is free for another kind.
        Gauge(label: "c", factory: self.metrics).record(1)
        #expect(self.page().hasSuffix("# TYPE c gauge\nc 1\n"))
    }

    @Test func countsOfManyTasksAreExact() async {
        await withTaskGroup(of: Void.self) { tasks in
            for task in 0..<8 {
                tasks.addTask {
                    for _ in 0..<1_000 {
                        Counter(label: "n", factory: self.metrics).increment()
                        Timer(label: "t", factory: self.metrics).recordMilliseconds(task)
                    }
                }
            }
        }
        #expect(self.page().contains("\nn 8000\n"))
        #expect(self.page().contains("\nt_seconds_bucket{le=\"0.005\"} 6000\n"))
        #expect(self.page().contains("\nt_seconds_count 8000\n"))
    }
}
