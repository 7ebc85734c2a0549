// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// When the cookie of a session that did not change is sent again, so that its idle time starts anew.
public enum SessionRefresh: Sendable, Hashable {
    /// Permanent sessions with every response, others never: Flask's `SESSION_REFRESH_EACH_REQUEST`.
    case permanentOnEachRequest
    /// Any session, once a tenth of its idle time has gone by.
    case afterTenthOfIdleTime
    /// Only when it changes.
    case never
}
