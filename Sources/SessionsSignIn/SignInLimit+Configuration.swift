// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import SessionsSupport

extension SignInLimit {
    /// How many attempts a ``SignInLimit`` allows, and how long it makes visitors wait.
    ///
    /// ```swift
    /// var configuration = SignInLimit.Configuration()
    /// configuration.freeAttempts = 10
    /// configuration.longestWait = .seconds(900)
    /// let limit = SignInLimit(in: store, keys: keys, configuration: configuration)
    /// ```
    ///
    /// The defaults are NIST's: waiting times from 30 seconds to an hour, and at most 100 failed attempts in a row.
    /// A number below 1, and a time below one second, count as 1 and as a second.
    public struct Configuration: Hashable, Sendable {
        /// How many attempts of a user may fail in a row before the first wait.
        public var freeAttempts = 5
        /// How long the user waits after the last free attempt. Each further failure doubles it.
        public var firstWait = Duration.seconds(30)
        /// The longest wait between two attempts.
        public var longestWait = Duration.seconds(3600)
        /// How many attempts of a user may fail in a row. After that, none is allowed until ``memory`` has passed, or
        /// until ``SignInLimit/reset(_:from:)``.
        public var maximumAttempts = 100
        /// How long after the last attempt failures are remembered, and after the last sign-in the networks of a user.
        public var memory = Duration.seconds(30 * 86_400)
        /// How many attempts of one network, at whatever users, may fail within ``networkWindow``. They come back one by
        /// one.
        public var networkAttempts = 100
        /// The time in which a network gets all of its attempts back.
        public var networkWindow = Duration.seconds(3600)
        /// Whether a network from which the user has signed in has a count of its own for that user, so that an attacker
        /// elsewhere cannot lock the user out there.
        public var remembersNetworks = true

        /// What suits a site whose users choose passwords.
        public init() {}

        /// The numbers and times, each at least what makes sense.
        var bounded: Configuration {
            var configuration = self
            for number in [\.freeAttempts, \.maximumAttempts, \.networkAttempts] as [WritableKeyPath<Self, Int>] {
                configuration[keyPath: number] = max(configuration[keyPath: number], 1)
            }
            for time in [\.firstWait, \.longestWait, \.memory, \.networkWindow] as [WritableKeyPath<Self, Duration>] {
                configuration[keyPath: time] = min(
                    max(configuration[keyPath: time], .seconds(1)), .seconds(3650 * 86_400))
            }
            return configuration
        }
    }
}

extension SignInLimit.Configuration {
    /// A user's count with one more attempt, or the reason why there is none.
    ///
    /// - Parameter now: In milliseconds since 1970.
    func counted(_ count: AttemptCount, at now: Int) throws(SignInLimitReached) -> AttemptCount {
        // A clock that has been set back makes no wait longer.
        let passed = max(now - count.time, 0)
        let wait = self.wait(after: count.failures) - passed
        guard wait <= 0 else { throw SignInLimitReached(.user, wait: .milliseconds(wait)) }
        return AttemptCount(failures: count.failures + 1, time: now)
    }

    /// How long the next attempt must wait after so many failures, in milliseconds.
    private func wait(after failures: Int) -> Int {
        guard failures < self.maximumAttempts else { return self.memory.milliseconds }
        guard failures >= self.freeAttempts else { return 0 }
        let (first, longest) = (self.firstWait.milliseconds, self.longestWait.milliseconds)
        // A shift that is too far gives less, and not more.
        let doublings = failures - self.freeAttempts
        return doublings < 40 && first <= longest >> doublings ? first << doublings : longest
    }

    /// A network's count with one more attempt, or the reason why there is none.
    ///
    /// The attempts come back one by one (the generic cell rate algorithm): the time is the one at which all will be
    /// back, and each attempt moves it by its share of the window.
    func charged(_ count: AttemptCount, at now: Int) throws(SignInLimitReached) -> AttemptCount {
        let window = self.networkWindow.milliseconds
        // A clock that has been set back makes no wait longer.
        let full = min(max(count.time, now), now + window) + self.share
        let wait = full - now - window
        guard wait <= 0 else { throw SignInLimitReached(.network, wait: .milliseconds(wait)) }
        return AttemptCount(failures: 0, time: full)
    }

    /// A network's count without an attempt that has not failed.
    ///
    /// What of it has come back by now is not given back again: that would undo the failure of another attempt. A success
    /// says nothing of other users.
    ///
    /// - Parameter backAt: When the attempt comes back by itself: the time of the count that it was charged to.
    func givenBack(_ count: AttemptCount, backAt: Int, at now: Int) -> AttemptCount {
        AttemptCount(failures: 0, time: max(count.time - min(max(backAt - now, 0), self.share), 0))
    }

    private var share: Int { max(self.networkWindow.milliseconds / self.networkAttempts, 1) }
}
