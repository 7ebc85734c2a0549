// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import CoreMetrics
import Dewar
import Foundation
import SessionsPrometheus
import SessionsTracing
import TestSupport
import Testing

/// Operators watch metrics by the names in `docs/OBSERVABILITY.md`: all that the code makes are there, and no others.
@Suite struct MetricNamesTests {
    private static let package = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../..").standardizedFileURL

    /// The lines of a page on which every part of Dewar that counts or times has put its metrics.
    private static func page() throws -> [Substring] {
        let metrics = PrometheusMetrics()
        try withMetricsFactory(metrics) { () throws -> Void in
            let configuration = SessionConfiguration.stored(in: TracedStore(MemoryStore()))
            let sessions = try SessionManager(keys: SecretKeys(.forTests), configuration: configuration)
            _ = SignInLimit(sessions)
        }
        return metrics.text().split(separator: "\n")
    }

    /// The names of the metrics, as the code has them.
    private static func made() throws -> Set<String> {
        Set(
            try self.page().filter { $0.hasPrefix("# TYPE dewar_") }.map { line in
                let words = line.split(separator: " ")
                let name = String(words[2])
                return words[3] == "histogram" ? String(name.dropLast("_seconds".count)) : name
            })
    }

    /// The names in the first columns of the tables.
    private static func documented() throws -> Set<String> {
        let text = try String(contentsOf: self.package.appending(path: "docs/OBSERVABILITY.md"), encoding: .utf8)
        let rows = text.split(separator: "\n").filter { $0.hasPrefix("| `") }
        let cells = rows.map { row in row.dropFirst().prefix { $0 != "|" } }
        return Set(cells.flatMap { cell in cell.matches(of: /`(dewar_\w+)`/).map { String($0.1) } })
    }

    @Test func theTableHasEveryMetricOfTheCodeAndNoOther() throws {
        #expect(try Self.made() == Self.documented())
        #expect(try Self.made().count >= 15)
    }

    @Test func eachHasATextOfItsOwnOnThePage() throws {
        for line in try Self.page() where line.hasPrefix("# HELP") {
            #expect(!line.contains(" The counter ") && !line.contains(" The histogram "), "\(line)")
        }
    }

    /// Another file that makes metrics must be reached by `page()` above.
    @Test func metricsAreMadeInTheseFilesAlone() throws {
        let sources = FileManager.default.enumerator(
            at: Self.package.appending(path: "Sources"), includingPropertiesForKeys: nil)
        let files = (sources?.allObjects ?? []).compactMap { $0 as? URL }.filter { $0.pathExtension == "swift" }
        let making = try files.filter { file in
            let code = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
                .filter { !$0.drop { $0 == " " }.hasPrefix("//") }.joined(separator: "\n")
            return code.contains(/\b(Counter|FloatingPointCounter|Timer|Recorder|Gauge|Meter)\(\s*label:/)
        }
        #expect(
            Set(making.map(\.lastPathComponent)) == [
                "KeyWatch.swift", "SessionReporter.swift", "SignInMeter.swift", "StoreMeasurements.swift",
            ])
    }
}
