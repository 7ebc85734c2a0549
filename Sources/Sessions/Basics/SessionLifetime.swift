// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

#if canImport(FoundationEssentials)
package import FoundationEssentials
#else
package import Foundation
#endif

/// How long a session lasts: its idle timeout and its absolute timeout.
///
/// Both limits are enforced on the server, whatever a browser keeps. (OWASP ASVS 5.0, 7.3.1 and 7.3.2; NIST SP
/// 800-63B-4, 2.1.3 and 2.2.3.)
///
/// ```swift
/// var configuration = SessionConfiguration()
/// configuration.lifetime = SessionLifetime(idle: .seconds(15 * 60), absolute: .seconds(8 * 60 * 60))
/// ```
///
/// One session can have a lifetime of its own: ``Session/lifetime``.
public struct SessionLifetime: Sendable, Hashable {
    /// The idle timeout: the longest time between two uses. It is Flask's `PERMANENT_SESSION_LIFETIME`, which Flask
    /// counts from the last `Set-Cookie`.
    public var idle: Duration
    /// The absolute timeout: the longest time from the beginning of the session, its last sign-in or its last step-up;
    /// nil for none. Flask's cookies cannot have one.
    public var absolute: Duration?

    /// Limits of your own.
    public init(idle: Duration, absolute: Duration? = nil) {
        self.idle = idle
        self.absolute = absolute
    }

    /// One hour idle, 24 hours in all: what NIST SP 800-63B-4, section 2.2.3, recommends for AAL2.
    public static let standard = SessionLifetime(idle: .seconds(60 * 60), absolute: .seconds(24 * 60 * 60))

    /// NIST SP 800-63B-4, AAL1: 30 days in all, and no separate idle timeout (section 2.1.3).
    public static let aal1 = SessionLifetime(idle: .seconds(30 * 24 * 60 * 60), absolute: .seconds(30 * 24 * 60 * 60))

    /// NIST SP 800-63B-4, AAL2: one hour idle, 24 hours in all (section 2.2.3).
    public static let aal2 = SessionLifetime.standard

    /// NIST SP 800-63B-4, AAL3: 15 minutes idle, 12 hours in all (section 2.3.3).
    public static let aal3 = SessionLifetime(idle: .seconds(15 * 60), absolute: .seconds(12 * 60 * 60))

    /// Flask's default: 31 days from the last `Set-Cookie`, and no absolute timeout.
    public static let flask = SessionLifetime(idle: .seconds(31 * 24 * 60 * 60))

    /// A browser keeps no cookie longer than 400 days (RFC 6265bis, section 5.5).
    static let maximumCookieAge = 400 * 24 * 60 * 60

    /// Whole seconds, cut toward zero as Flask cuts them.
    package var idleSeconds: Int { Int(self.idle.components.seconds) }
    var absoluteSeconds: Int? { self.absolute.map { Int($0.components.seconds) } }
}

extension SessionLifetime {
    /// The `Expires` of a permanent session's cookie, computed as Flask does, in seconds since 1970: the lifetime is
    /// added to the time with its fraction, and then the fraction is dropped.
    package func cookieExpiry(from now: Date) throws(SessionError) -> Int {
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
