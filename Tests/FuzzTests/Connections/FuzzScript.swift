// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

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

    /// All bytes that are left.
    mutating func remainder() -> [UInt8] {
        defer { self.rest = [] }
        return Array(self.rest)
    }
}

/// A connection without a network, whose client, application and time do what a script says.
protocol FuzzConnection {
    /// Does the next step.
    func step(_ script: inout FuzzScript)

    /// The client says nothing more, the network takes everything, and the application answers.
    ///
    /// - Throws: A ``Violation`` if the connection does not end then, or if something that the application got or the
    ///   client was sent must not be.
    func end() throws
}

extension FuzzConnection {
    func play(_ input: [UInt8]) throws {
        var script = FuzzScript(input)
        while !script.isAtEnd { self.step(&script) }
        try self.end()
    }
}
