// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Logging

@testable import Dewar

/// An input as what happens on a connection, one step after the other.
struct FuzzScript {
    private var rest: ArraySlice<UInt8>

    init(_ input: [UInt8]) {
        self.rest = input[...]
    }

    var isAtEnd: Bool { self.rest.isEmpty }

    /// A number below 256; 0 at the end.
    mutating func number() -> Int {
        Int(self.rest.popFirst() ?? 0)
    }

    /// As many bytes as the first one says, or as there are.
    mutating func bytes() -> [UInt8] {
        let count = self.number()
        defer { self.rest = self.rest.dropFirst(count) }
        return Array(self.rest.prefix(count))
    }
}

/// What both kinds of connections need.
enum FuzzConnections {
    /// Times of their own for each limit, none of which is longer than ``longest`` seconds.
    static let limits = {
        var limits = ServerLimits()
        limits.headTimeout = .seconds(10)
        limits.bodyTimeout = .seconds(20)
        limits.minimumBodyRate = 2
        limits.keepAliveTimeout = .seconds(40)
        limits.writeTimeout = .seconds(80)
        limits.maximumHeaderSize = 2048
        return limits
    }()
    static let longest = 80

    static let logger = Logger(label: "fuzz") { _ in SwiftLogNoOpLogHandler() }
}
