// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation

/// Whether the time of an input grows with its length, and not with the square of it: a reader that is quadratic takes
/// seconds for an input of which a linear one takes milliseconds, so that a few visitors can stop a server.
///
/// An input is repeated until it is ``unit`` bytes long, and that 4 and 16 times. The time is the processor's of this
/// thread, and a finding is measured several times before it counts. "./fuzz TARGET --scaling" runs it.
enum FuzzScaling {
    /// As many bytes as most targets try at most.
    private static let unit = 4096
    /// How many times as much as in proportion the longest input may take. A quadratic reader takes 16 times as much as
    /// in proportion to the shortest, and 4 times as much as in proportion to the middle one.
    private static let marginOfShortest = 8.0
    private static let marginOfMiddle = 3.0
    /// Below this, a time says nothing.
    private static let floor = 0.01
    private static let measurements = 5

    /// Checks each file of a folder, prints what was found, and gives the program's exit code.
    static func check(_ target: FuzzTarget, folder: String) -> Int32 {
        let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
        guard !names.isEmpty else {
            print("There is no input in \(folder).")
            return 2
        }
        var findings = 0
        var slowest = Times()
        for name in names {
            guard let data = FileManager.default.contents(atPath: "\(folder)/\(name)"), !data.isEmpty else { continue }
            do {
                let times = try Self.measure(target, Self.repeated(Array(data), upTo: Self.unit))
                if times.longest > slowest.longest { slowest = times }
                guard times.isSuspicious else { continue }
                print("FINDING: the input \(name) takes \(times)")
            } catch {
                print("FINDING: the input \(name), repeated, violates: \(error)")
            }
            findings += 1
        }
        print("    \(target.name): \(names.count) inputs, \(findings) findings; the slowest takes \(slowest)")
        return findings == 0 ? 0 : 1
    }

    /// The seconds that an input takes, and those that it takes when it is longer.
    private struct Times: CustomStringConvertible {
        var shortest = Double.infinity
        var middle = Double.infinity
        /// Zero until something has been measured.
        var longest = 0.0

        var isSuspicious: Bool {
            self.longest > self.shortest * 16 * FuzzScaling.marginOfShortest + FuzzScaling.floor
                || self.longest > self.middle * 4 * FuzzScaling.marginOfMiddle + FuzzScaling.floor
        }

        var description: String {
            let times = [self.shortest, self.middle, self.longest].map { String(format: "%.2f", $0 * 1000) }
            return "\(times[0]) ms, \(times[1]) ms at 4 times the length, and \(times[2]) ms at 16 times"
        }
    }

    private static func measure(_ target: FuzzTarget, _ input: [UInt8]) throws -> Times {
        // What a process does once is not this input's.
        try target.check(input)
        var times = Times()
        times.longest = .infinity
        for _ in 0..<Self.measurements {
            let shortest = try Self.seconds(target, input)
            let middle = try Self.seconds(target, Self.repeated(input, upTo: 4 * input.count))
            let longest = try Self.seconds(target, Self.repeated(input, upTo: 16 * input.count))
            times.shortest = min(times.shortest, shortest)
            times.middle = min(times.middle, middle)
            times.longest = min(times.longest, longest)
            if !times.isSuspicious { break }
        }
        return times
    }

    private static func seconds(_ target: FuzzTarget, _ input: [UInt8]) throws -> Double {
        let start = FuzzLimits.now
        try target.check(input)
        return Double(FuzzLimits.now - start) / 1e9
    }

    /// An input once, and as often again as it fits.
    private static func repeated(_ input: [UInt8], upTo length: Int) -> [UInt8] {
        Array([[UInt8]](repeating: input, count: max(1, length / input.count)).joined())
    }
}
