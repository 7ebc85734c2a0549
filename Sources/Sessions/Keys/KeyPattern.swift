// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// How much of a key cannot be told from what stands before it.
///
/// A run along the alphabet, the digits or a row of the keyboard, a run of equal steps (`aaaa`, `acegi`), and a part
/// that has stood before count as one byte each, however long they are. Random bytes, and random hex or base64, hardly
/// ever have such a run: of a billion random keys none is found wanting.
enum KeyPattern {
    /// How many bytes must be left of a key.
    static let minimum = 20
    /// Shorter runs come about by chance.
    private static let shortestRun = 4

    /// Whether the key has too little in it that could not be foretold.
    static func isPredictable(_ bytes: [UInt8]) -> Bool {
        let bytes = bytes.map(Self.lowercased)
        var (index, count) = (0, 0)
        while index < bytes.count {
            count += 1
            if count >= Self.minimum { return false }
            index += Self.run(in: bytes, at: index)
        }
        return true
    }

    /// How many bytes from an index on are one step of somebody who guesses; 1 where there is no pattern.
    private static func run(in bytes: [UInt8], at index: Int) -> Int {
        let rest = bytes[index...]
        let walks = Self.walks.map { Self.walk($0, along: rest) }
        let longest = max(Self.equalSteps(in: rest), Self.repetition(in: bytes, at: index), walks.max() ?? 0)
        return longest >= Self.shortestRun ? longest : 1
    }

    /// How far the bytes go by one and the same step.
    private static func equalSteps(in bytes: ArraySlice<UInt8>) -> Int {
        let steps = zip(bytes, bytes.dropFirst()).map { $1 &- $0 }
        guard let first = steps.first else { return bytes.count }
        return 1 + steps.prefix { $0 == first }.count
    }

    /// How far the bytes are those that stand somewhere before.
    private static func repetition(in bytes: [UInt8], at index: Int) -> Int {
        (0..<index).map { start in zip(bytes[start...], bytes[index...]).prefix { $0 == $1 }.count }.max() ?? 0
    }

    /// How far the bytes follow a text from any place in it.
    private static func walk(_ text: [UInt8], along bytes: ArraySlice<UInt8>) -> Int {
        guard let first = bytes.first else { return 0 }
        let places = text.indices.filter { text[$0] == first }
        return places.map { place in zip(text[place...], bytes).prefix { $0 == $1 }.count }.max() ?? 0
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }

    /// What fingers go along, forward and back, and from an end to the beginning again.
    private static let walks: [[UInt8]] = {
        let texts = [
            "0123456789abcdefghijklmnopqrstuvwxyz0123456789", "0123456789abcdef0123456789abcdef",
            "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz", "12345678901234567890", "1234567890abcdefghijk",
            "qwertyuiopasdfghjklzxcvbnmqwertyuiop", "qwertyuiop[]asdfghjkl;'zxcvbnm,./", "1234567890qwertyuiop",
            "1234567890-=qwertyuiop", "!@#$%^&*()_+", "qwertzuiopasdfghjklyxcvbnm", "azertyuiopqsdfghjklmwxcvbn",
            "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p;/", "qazwsxedcrfvtgbyhnujmikolp", "1q2w3e4r5t6y7u8i9o0p",
            "q1w2e3r4t5y6u7i8o9p0", "qawsedrftgyhujikolp",
        ]
        return texts.flatMap { [Array($0.utf8), Array($0.utf8.reversed())] }
    }()
}
