// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

extension FuzzTarget {
    /// Each step is a byte that says which, and what it needs.
    static let http1Connection = FuzzTarget(
        "http1-connection", "what happens on an HTTP/1 connection", maximumLength: 1024
    ) { input in try FuzzHTTP1Connection().play(input) }

    /// The same for HTTP/2, behind the preface of a client.
    static let http2Connection = FuzzTarget(
        "http2-connection", "what happens on an HTTP/2 connection", maximumLength: 1024
    ) { input in try FuzzHTTP2Connection().play(input) }
}
