// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// What a response does to the session cookie.
enum CookieAction: Sendable, Hashable {
    case none
    case delete
    /// - `expires`: seconds since 1970; `maxAge`: seconds; `id`: names the session in the cookie, where something does.
    case set(value: String, expires: Int? = nil, maxAge: Int? = nil, id: SessionID? = nil)
}
