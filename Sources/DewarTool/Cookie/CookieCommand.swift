// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import ArgumentParser

/// `dewar cookie`: the value of a session cookie.
struct CookieCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cookie", abstract: "Shows what a session cookie says, and makes cookies for tests.",
        discussion: """
            Examples:
              pbpaste | dewar cookie show
              dewar cookie show --key-file /etc/shop/keys < cookie.txt
              dewar cookie make --format flask --key 'a key for tests' '{"username": "alice"}'
            """,
        subcommands: [ShowCookie.self, MakeCookie.self])
}
