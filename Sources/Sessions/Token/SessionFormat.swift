// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// How a session becomes the value of a cookie.
public enum SessionFormat: Sendable, Hashable {
    /// Dewar's encrypted cookie: tagged JSON under AES-256-GCM, bound to the cookie's name, with an absolute end.
    /// Nobody without the key can read it or alter it; its length shows about how much is in it.
    case sealed
    /// Exactly Flask 3.1's cookie: tagged JSON under a timed HMAC-SHA-1. Readable by anybody, alterable by nobody.
    case flask
    /// Dewar's signed cookie: like Flask's with HMAC-SHA-256, bound to the cookie's name, with an absolute end.
    case signed
}
