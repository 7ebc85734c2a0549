// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What happened to sessions in a stretch of time.
struct ActivityCounts: Sendable, Equatable {
    var signIns = 0
    var endings = 0
    var refusals = 0
    /// Events that the recorder was too slow for, of any kind.
    var missed = 0

    /// Counts an event. A session that ends with a sign-out tells two events, of which one counts.
    mutating func add(_ event: SessionEvent) {
        switch event.kind {
        case .signedIn: self.signIns += 1
        case .ended, .revoked, .replayed: self.endings += 1
        case .expired: self.refusals += 1
        default:
            if event.rejection != nil { self.refusals += 1 }
            self.missed += event.missedCount ?? 0
        }
    }
}

/// Counts over a sliding stretch of time, in steps of one length. It takes the same memory however much happens.
struct ActivityRing: Sendable {
    /// A step: when it began, and what happened in it.
    struct Step: Sendable, Equatable {
        /// When it began, in seconds since 1970.
        let start: Int
        var counts = ActivityCounts()
    }

    /// How long a step is, in seconds.
    let length: Int
    /// Each place is used again after as many steps as there are. It says which step it is: a clock that was ahead for
    /// a moment has then spoilt one place, and not all that come later.
    private var places: [Step]

    init(steps: Int, of length: Int) {
        self.length = length
        self.places = Array(repeating: Step(start: .min), count: steps)
    }

    mutating func add(_ event: SessionEvent) {
        let number = self.number(at: event.time)
        let place = self.place(of: number)
        if self.places[place].start != number * self.length {
            self.places[place] = Step(start: number * self.length)
        }
        self.places[place].counts.add(event)
    }

    /// The steps until now, the earliest first; those in which nothing happened too.
    func steps(until now: Date) -> [Step] {
        let last = self.number(at: now)
        return (0..<self.places.count).map { back in
            let number = last - self.places.count + 1 + back
            let step = self.places[self.place(of: number)]
            return step.start == number * self.length ? step : Step(start: number * self.length)
        }
    }

    /// Which step a time is in. It is clamped as dates are, so that no sum of it overflows.
    private func number(at time: Date) -> Int {
        let (whole, rest) = (time.milliseconds / 1000).quotientAndRemainder(dividingBy: self.length)
        return rest < 0 ? whole - 1 : whole
    }

    private func place(of number: Int) -> Int {
        let rest = number % self.places.count
        return rest < 0 ? rest + self.places.count : rest
    }
}
