// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// Finds where text without slashes, a line, digits, or a number of scalars end in one target, for every start.
///
/// A part with several variables asks this for many starts, and scanning each time would make long paths costly. All
/// answers together take no more time than in proportion to the target's length, in whatever order the starts come. All
/// `bytes` are the rest of the same target.
struct TextStops {
    private var slashes = RunEnds(.slash)
    private var lineFeeds = RunEnds(.lineFeed)
    private var digits = RunEnds(.nonDigit)
    private var scalars = ScalarIndices()

    /// The next slash in `bytes`, or their end.
    mutating func slash(in bytes: ArraySlice<UInt8>) -> Int {
        self.slashes.end(of: bytes)
    }

    /// The next line feed in `bytes`, or their end.
    mutating func lineFeed(in bytes: ArraySlice<UInt8>) -> Int {
        self.lineFeeds.end(of: bytes)
    }

    /// The end of the decimal digits with which `bytes` begin.
    mutating func nonDigit(in bytes: ArraySlice<UInt8>) -> Int {
        self.digits.end(of: bytes)
    }

    /// The index after `count` scalars of `bytes`, nil when there are fewer.
    mutating func index(after count: Int, in bytes: ArraySlice<UInt8>) -> Int? {
        self.scalars.index(after: count, in: bytes)
    }
}
