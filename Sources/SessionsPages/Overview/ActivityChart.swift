// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What happened as three charts, one below the other, so that no color has to be told from another; and the same
/// numbers as a table.
struct ActivityChart {
    let steps: [ActivityRing.Step]
    /// When the counting began.
    let start: Date
    let view: OverviewView
    /// The URL of the page.
    let page: String
    let texts: SessionsOverview.Texts
    let now: Date

    /// A chart: what it is called, how it looks, and its numbers.
    private struct Series {
        let name: String
        let style: String
        let values: [Int]
    }

    private var activity: SessionsOverview.Texts.Activity { self.texts.activity }

    private var series: [Series] {
        [
            Series(name: self.activity.signIns, style: "sign-ins", values: self.steps.map(\.counts.signIns)),
            Series(name: self.activity.endings, style: "endings", values: self.steps.map(\.counts.endings)),
            Series(name: self.activity.refusals, style: "refusals", values: self.steps.map(\.counts.refusals)),
        ]
    }

    /// All of it.
    var html: HTML {
        """
        <section aria-labelledby="activity">
        <h2 id="activity">\(self.activity.heading)</h2>
        <p>\(self.spanLink(.hour, self.activity.lastHour))\(self.spanLink(.day, self.activity.lastDay))</p>
        <p>\(self.activity.since(self.texts.time(self.start, self.now)))\(self.missed)</p>
        <div class="activity">
        <div>
        \(self.series.map(self.chart))</div>
        \(self.table)
        </div>
        </section>
        """
    }

    private func spanLink(_ span: ActivitySpan, _ text: String) -> HTML {
        let current = span == self.view.span ? HTML(" aria-current=\"true\"") : HTML()
        return "<a class=\"button\"\(current) href=\"\(self.view.showing(span).link(to: self.page))\">\(text)</a>\n"
    }

    private var missed: HTML {
        let count = self.steps.reduce(0) { $0 + $1.counts.missed }
        return count == 0 ? HTML() : " \(self.activity.missed(self.texts.number(count)))"
    }

    // MARK: - Charts

    private static let height = 60
    private static let stepWidth = 10

    private func chart(_ series: Series) -> HTML {
        let most = series.values.max() ?? 0
        let sum = series.values.reduce(0, +)
        let summary = self.activity.summary(self.texts.number(sum), self.texts.number(most))
        return """
            <figure class="\(series.style)">
            <figcaption>\(series.name): <span>\(summary)</span></figcaption>
            <svg role="img" aria-label="\(series.name): \(summary)" preserveAspectRatio="none" \
            viewBox="0 0 \(Self.stepWidth * series.values.count) \(Self.height)">\(self.bars(series.values, most))</svg>
            <p class="axis" aria-hidden="true"><span>\(self.clock(self.steps.first))</span> \
            <span>\(self.clock(self.steps.last))</span></p>
            </figure>

            """
    }

    /// A bar for each step in which something happened, at least one unit high.
    private func bars(_ values: [Int], _ most: Int) -> [HTML] {
        values.enumerated().filter { $0.element > 0 }.map { step, value in
            let height = max(value * Self.height / most, 1)
            return """
                <rect x="\(step * Self.stepWidth + 1)" y="\(Self.height - height)" width="\(Self.stepWidth - 2)" \
                height="\(height)"/>
                """
        }
    }

    // MARK: - Table

    private var table: HTML {
        let series = self.series
        let rows = self.steps.enumerated().map { index, step -> HTML in
            let cells = series.map { HTML("<td>\(self.texts.number($0.values[index]))</td>") }
            return "<tr><th scope=\"row\">\(self.clock(step))</th>\(cells)</tr>\n"
        }
        return """
            <table>
            <thead><tr><th scope="col">\(self.activity.from)</th>\
            \(series.map { HTML("<th scope=\"col\">\($0.name)</th>") })</tr></thead>
            <tbody>
            \(rows)</tbody>
            </table>
            """
    }

    private func clock(_ step: ActivityRing.Step?) -> HTML {
        guard let step else { return HTML() }
        let date = Date(milliseconds: step.start * 1000)
        let text = self.texts.clockTime(date)
        guard let machine = ReadableTime.machine(date) else { return escape(text) }
        return "<time datetime=\"\(machine)\">\(text)</time>"
    }
}
