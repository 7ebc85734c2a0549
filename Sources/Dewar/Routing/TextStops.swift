// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// Finds where text without slashes, or a line, ends in one target; remembers it for starts nearby.
///
/// A part with several variables asks this for many starts; scanning each time would make long paths costly.
struct TextStops {
    private var slash = Stop(byte: UInt8(ascii: "/"))
    private var lineFeed = Stop(byte: UInt8(ascii: "\n"))

    /// The next slash in `bytes`, or their end.
    mutating func slash(in bytes: ArraySlice<UInt8>) -> Int {
        self.slash.index(in: bytes)
    }

    /// The next line feed in `bytes`, or their end.
    mutating func lineFeed(in bytes: ArraySlice<UInt8>) -> Int {
        self.lineFeed.index(in: bytes)
    }

    private struct Stop {
        let byte: UInt8
        /// For a start at any index in this range, the stop is the range's upper bound.
        private var known: ClosedRange<Int>?

        init(byte: UInt8) {
            self.byte = byte
        }

        mutating func index(in bytes: ArraySlice<UInt8>) -> Int {
            let start = bytes.startIndex
            if let known, known.contains(start) { return known.upperBound }
            var unknown = bytes
            var otherwise = bytes.endIndex
            if let known, start < known.lowerBound {
                unknown = bytes[..<known.lowerBound]
                otherwise = known.upperBound
            }
            let stop = unknown.firstIndex(of: self.byte) ?? otherwise
            self.known = start...stop
            return stop
        }
    }
}
