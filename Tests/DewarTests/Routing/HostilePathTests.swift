// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import Testing

@testable import Dewar

/// A path that an attacker chose costs no more than in proportion to its length.
@Suite struct HostilePathTests {
    /// A path that begins with `start`, and ends with `end` after many times `unit`.
    struct HostilePath: Sendable, CustomTestStringConvertible {
        let rule: String
        var start = "/"
        let unit: String
        var end = ""

        var testDescription: String { "\(self.rule) of \(self.unit)" }

        func path(bytes: Int) -> String {
            self.start + String(repeating: self.unit, count: bytes / self.unit.utf8.count) + self.end
        }
    }

    private static let paths = [
        HostilePath(rule: "/h/<a>-<b>-<c>-<d>x", start: "/h/", unit: "-"),
        HostilePath(rule: "/g/<path:a>-<path:b>-<path:c>/x", start: "/g/", unit: "-"),
        HostilePath(rule: "/<slug>-<string(maxlength=8):code>", unit: "-", end: "xxxxxxxxx"),
        HostilePath(rule: "/<slug>-<string(maxlength=8):code>", unit: "-%C3%A9", end: "xxxxxxxxx"),
        HostilePath(rule: "/<name>.<string(length=2):lang>", unit: ".", end: "xxx"),
        HostilePath(rule: "/<a>.<string(maxlength=9000):b>", unit: ".", end: String(repeating: "x", count: 9001)),
        HostilePath(rule: "/<a>-<string(maxlength=9000):b>x", unit: "-", end: "y"),
        HostilePath(rule: "/<a>-<string(minlength=8000):b>x", unit: "-", end: "y"),
        HostilePath(rule: "/<a>-<string(minlength=8000):b>x", unit: "-%C3%A9", end: "y"),
        HostilePath(rule: "/<a><int:n>", unit: "1", end: "x"),
        HostilePath(rule: "/<a><int:n>", unit: "%D9%A3", end: "x"),
        HostilePath(rule: "/<a><int(signed=True):n>y", unit: "1", end: "x"),
        HostilePath(rule: "/<a><float:n>", unit: "1", end: ".5x"),
        HostilePath(rule: "/<a><float:n>", start: "/1.", unit: "1", end: "x"),
        HostilePath(rule: "/<a><float:x>-<float:y>z", unit: "1", end: ".5-1.5x"),
        HostilePath(rule: "/<a>-<path:b>", unit: "-", end: "%0Ax%0A"),
        HostilePath(rule: "/<path:a>-<b>-<c>x", unit: "-", end: "/-/-"),
        HostilePath(rule: "/<path:a><int:n>/x", unit: "1", end: "/1/"),
    ]

    /// The processor time that a match takes, in nanoseconds. That time does not count what other threads do meanwhile;
    /// the less of two is free of what the system does now and then.
    private static func cost(_ table: RouteTable<Int>, _ path: String) -> UInt64 {
        (0..<2).map { _ in
            let before = Self.processorTime
            guard case .notFound = table.match(method: "GET", path: path) else {
                Issue.record("the path has a match")
                return 0
            }
            return Self.processorTime - before
        }.min() ?? 0
    }

    private static var processorTime: UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    @Test(.timeLimit(.minutes(1)), arguments: Self.paths)
    func hostilePathIsNotCostly(hostile: HostilePath) throws {
        var table = RouteTable<Int>()
        try table.add(RoutePattern(hostile.rule), name: "rule", methods: ["GET"], value: 1)
        let short = Self.cost(table, hostile.path(bytes: 16_000))
        let long = Self.cost(table, hostile.path(bytes: 64_000))
        // Four times the length: four times the work, or sixteen times if each start scanned the rest.
        #expect(long < short * 9, "\(hostile.rule): \(short) and \(long) ns")
    }
}
