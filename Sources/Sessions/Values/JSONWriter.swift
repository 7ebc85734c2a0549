// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// Writes session values as JSON of some kind; what is inside of lists and dictionaries in the same way for all kinds.
protocol JSONWriter {
    associatedtype Failure: Error

    var output: [UInt8] { get set }
    /// The lists and dictionaries around the value that is being written.
    var containers: [OpenContainer] { get set }

    /// Writes a value without what is in it, which is left open.
    mutating func begin(_ value: SessionValue, depth: Int) throws(Failure)

    /// Writes text in quotes, as a value or as a key.
    mutating func write(_ text: String)
}

extension JSONWriter {
    /// Writes a value with all that is in it.
    mutating func writeAll(_ value: SessionValue) throws(Failure) {
        try self.begin(value, depth: 0)
        while let last = self.containers.indices.last {
            let isFirst = self.containers[last].isAtStart
            guard let (key, value) = self.containers[last].next() else {
                self.append(self.containers.removeLast().ending)
                continue
            }
            if !isFirst { self.append(",") }
            if let key {
                self.write(key)
                self.append(":")
            }
            try self.begin(value, depth: self.containers[last].depth)
        }
    }

    mutating func append(_ text: String) {
        self.output.append(contentsOf: text.utf8)
    }
}
