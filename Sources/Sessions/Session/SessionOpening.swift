// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// How a cookie's session is read when something first looks at it.
///
/// Both closures run code of the application's: its clock, its counters, its log handler. No lock is held meanwhile.
struct SessionOpening: Sendable {
    /// Decodes and judges the cookie. Where two tasks look at once it may run twice, and what it gave first counts.
    let read: @Sendable () throws(TokenError) -> TokenContents?
    /// Says why the cookie gave no session, once.
    let refuse: @Sendable (TokenError) -> Void
}
