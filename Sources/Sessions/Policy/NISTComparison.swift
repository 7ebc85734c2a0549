// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// The times of a session beside those of NIST SP 800-63B-4, sections 2.1.3, 2.2.3 and 2.3.3.
struct NISTComparison {
    let idle: Duration
    let absolute: Duration?

    var text: String {
        let met = Self.levels.filter { $0.departures(of: self).isEmpty }.map(\.name)
        let departures = Self.levels.filter { !$0.departures(of: self).isEmpty }
            .map { "\($0.name) has \($0.departures(of: self).joined(separator: " and "))" }
        let within = met.isEmpty ? "within no level" : "within " + met.joined(separator: ", ")
        return ([within] + departures).joined(separator: "; ")
    }

    private struct Level {
        let name: String
        let idle: Duration?
        let absolute: Duration

        func departures(of times: NISTComparison) -> [String] {
            var departures: [String] = []
            // A session that may not last so long in all cannot be idle for so long either.
            let mayBeIdle = min(times.idle, times.absolute ?? times.idle)
            if let idle, mayBeIdle > idle { departures.append("at most \(idle.inWords) idle") }
            if times.absolute.map({ $0 > self.absolute }) ?? true {
                departures.append("at most \(self.absolute.inWords) in all")
            }
            return departures
        }
    }

    private static let levels = [
        Level(name: "AAL1", idle: nil, absolute: .seconds(30 * 86400)),
        Level(name: "AAL2", idle: .seconds(3600), absolute: .seconds(24 * 3600)),
        Level(name: "AAL3", idle: .seconds(15 * 60), absolute: .seconds(12 * 3600)),
    ]
}
