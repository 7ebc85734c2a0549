// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension SessionLifetime {
    /// The `Expires` of a permanent session's cookie as Flask reckons it, in seconds since 1970: the lifetime is added
    /// to the time, fractions and all, and then the fraction is dropped.
    func cookieExpiry(from now: Date) throws(SessionError) -> Int {
        let microseconds = Int((now.timeIntervalSince1970 * 1_000_000).rounded()) + self.idle.microseconds
        let (whole, rest) = microseconds.quotientAndRemainder(dividingBy: 1_000_000)
        let seconds = rest < 0 ? whole - 1 : whole
        guard HTTPDate.format(seconds) != nil else {
            throw SessionError(.invalidConfiguration, "The session's lifetime leads past the year 9999; shorten it.")
        }
        return seconds
    }
}

extension Duration {
    fileprivate var microseconds: Int {
        Int(self.components.seconds) * 1_000_000 + Int(self.components.attoseconds / 1_000_000_000_000)
    }
}
