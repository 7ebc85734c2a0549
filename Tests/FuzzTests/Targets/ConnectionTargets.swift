// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

extension FuzzTarget {
    /// Each step is a byte that says which, and what it needs.
    static let http1Connection = FuzzTarget(
        "http1-connection", "what happens on an HTTP/1 connection", maximumLength: 1024
    ) { input in
        let connection = try FuzzHTTP1Connection()
        var script = FuzzScript(input)
        while !script.isAtEnd { connection.step(&script) }
        try connection.end()
    }

    /// The same for HTTP/2, behind the preface of a client.
    static let http2Connection = FuzzTarget(
        "http2-connection", "what happens on an HTTP/2 connection", maximumLength: 1024
    ) { input in
        let connection = try FuzzHTTP2Connection()
        var script = FuzzScript(input)
        while !script.isAtEnd { connection.step(&script) }
        try connection.end()
    }
}
