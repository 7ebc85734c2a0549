// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// When the cookie of an unchanged session is sent again.
///
/// With a store the cookie itself stays the same, and what is sent again is how long the browser keeps it, so that it
/// matters to permanent sessions alone. When the store notes that a session was used is
/// ``SessionConfiguration/touchInterval``.
public enum SessionRefresh: Sendable, Hashable {
    /// Permanent sessions with every response, others never: Flask's `SESSION_REFRESH_EACH_REQUEST`.
    ///
    /// In Flask's own format that is every response indeed, as there. Elsewhere it is every response to a request that
    /// looked at the session; to others, static files for instance, once a tenth of the idle time has gone by. With a
    /// store each one costs a write.
    case permanentOnEachRequest
    /// Any session, once a tenth of its idle time has gone by; with a store, when its use is noted.
    case afterTenthOfIdleTime
    /// Only when it changes.
    case never
}
