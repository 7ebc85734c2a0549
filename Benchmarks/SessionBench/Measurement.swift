// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Something whose cost is measured.
struct Workload: Sendable {
    let name: String
    let group: String
    /// Does the work so many times.
    let run: @Sendable (_ count: Int) async throws -> Void

    init(_ group: String, _ name: String, run: @escaping @Sendable (_ count: Int) async throws -> Void) {
        self.group = group
        self.name = name
        self.run = run
    }
}

/// A workload, the least work that it cannot do without, and how many times its floor it may cost.
struct Comparison: Sendable {
    let workload: Workload
    let floor: Workload?
    let goal: Double?

    init(_ workload: Workload, floor: Workload? = nil, goal: Double? = nil) {
        self.workload = workload
        self.floor = floor
        self.goal = goal
    }
}

/// What one round of a workload cost: processor time of the whole process, and allocations where they are counted.
struct Sample: Sendable {
    let nanoseconds: Double
    let allocations: Double?
}

/// Measures workloads in turns of a few milliseconds.
///
/// The same code takes half as long again in some seconds as in others on a shared machine. A workload and its floor
/// therefore take turns, and what counts is the median of the ratios.
struct Measurement: Sendable {
    let rounds: Int
    /// How long one turn takes.
    let turn: Duration

    @concurrent func result(of comparison: Comparison) async throws -> Result {
        let workload = comparison.workload
        let count = try await self.count(of: workload)
        let floorCount = if let floor = comparison.floor { try await self.count(of: floor) } else { 0 }
        var samples: [Sample] = []
        var floors: [Sample] = []
        for _ in 0..<self.rounds {
            samples.append(try await self.sample(workload, count))
            if let floor = comparison.floor { floors.append(try await self.sample(floor, floorCount)) }
        }
        let ratios = zip(samples, floors).map { $0.nanoseconds / $1.nanoseconds }
        return Result(
            comparison, nanoseconds: Self.median(samples.map(\.nanoseconds)),
            floor: floors.isEmpty ? nil : Self.median(floors.map(\.nanoseconds)),
            ratio: ratios.isEmpty ? nil : Self.median(ratios), allocations: samples.last?.allocations)
    }

    /// How many times the work fits into a turn.
    private func count(of workload: Workload) async throws -> Int {
        var count = 1
        while true {
            let sample = try await self.sample(workload, count)
            let time = Duration.nanoseconds(Int64(sample.nanoseconds * Double(count)))
            if time >= self.turn || count >= 1 << 24 { return count }
            count *= 2
        }
    }

    private func sample(_ workload: Workload, _ count: Int) async throws -> Sample {
        let (start, allocations) = (Self.processorTime, AllocationCounter.count)
        try await workload.run(count)
        let time = Self.processorTime - start
        let allocated = AllocationCounter.count.flatMap { after in allocations.map { after - $0 } }
        return Sample(
            nanoseconds: Double(time) / Double(count), allocations: allocated.map { Double($0) / Double(count) })
    }

    /// Nanoseconds that all threads of the process have run.
    private static var processorTime: Int64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    static func median(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        let middle = sorted.count / 2
        return sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
    }

    /// What a comparison gave.
    struct Result: Sendable {
        let comparison: Comparison
        let nanoseconds: Double
        let floor: Double?
        let ratio: Double?
        let allocations: Double?

        init(_ comparison: Comparison, nanoseconds: Double, floor: Double?, ratio: Double?, allocations: Double?) {
            self.comparison = comparison
            self.nanoseconds = nanoseconds
            self.floor = floor
            self.ratio = ratio
            self.allocations = allocations
        }

        var isShort: Bool {
            guard let goal = self.comparison.goal, let ratio = self.ratio else { return false }
            return ratio > goal
        }
    }
}
