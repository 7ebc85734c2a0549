// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// What to do about a session cookie that browsers may drop.
public enum CookieSizeLimit: Sendable, Hashable {
    /// Throw ``SessionError`` when name and value together have more bytes than this. RFC 6265bis lets browsers stop at
    /// 4096.
    case refuse(over: Int)
    /// Send it and log a warning when the whole header value has more bytes than this: Flask's `MAX_COOKIE_SIZE`.
    case warn(over: Int)
    /// Send any size.
    case none
}
