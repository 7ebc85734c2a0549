// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import SessionsSupport

/// Whether an attacker could guess a key. A visitor with a signed cookie can try keys offline, as fast as their
/// machines go.
package enum KeyStrength {
    /// 256 bits, which no attacker can guess.
    static let minimumBytes = 32

    /// What is wrong with a key, or nil. The text names no part of the key.
    package static func weakness(of key: SecretKey) -> String? {
        if PrintedKeys.contain(key) { return "is printed in documentation" }
        if key.bytes.count < Self.minimumBytes {
            return "has \(key.bytes.count) bytes; at least \(Self.minimumBytes) random ones are needed"
        }
        if Set(key.bytes).count < 8 { return "repeats a few characters over and over" }
        if KeyPattern.isPredictable(key.bytes) {
            return "repeats itself, or follows the alphabet, the digits or the keyboard"
        }
        return nil
    }

    package static let advice = "Make a good one with: dewar key"
}

/// Whether the bytes of a key can be predicted from the bytes before them.
///
/// A run along the alphabet, the digits or a row of the keyboard, a run of equal steps (`aaaa`, `acegi`), and a
/// repeated part count as one byte each, however long they are. Random bytes, and random hex or base64, hardly ever
/// have such a run: of a billion random keys none is refused.
enum KeyPattern {
    /// How many bytes a key must have when each run counts as one.
    static let minimum = 20
    /// Shorter runs occur by chance.
    private static let shortestRun = 4

    /// Whether the key has too few bytes that cannot be predicted.
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

    /// The length of the run that begins at an index, which an attacker guesses as one; 1 where there is no pattern.
    private static func run(in bytes: [UInt8], at index: Int) -> Int {
        let rest = bytes[index...]
        let longest = max(Self.equalSteps(in: rest), Self.repetition(in: bytes, at: index), Self.walk(along: rest))
        return longest >= Self.shortestRun ? longest : 1
    }

    /// How many bytes follow each other at the same step.
    private static func equalSteps(in bytes: ArraySlice<UInt8>) -> Int {
        guard let first = bytes.first, let second = bytes.dropFirst().first else { return bytes.count }
        var (count, last) = (1, first)
        for byte in bytes.dropFirst() {
            guard byte &- last == second &- first else { break }
            count += 1
            last = byte
        }
        return count
    }

    /// How many bytes repeat a part of the key that begins earlier.
    private static func repetition(in bytes: [UInt8], at index: Int) -> Int {
        var longest = 0
        for start in 0..<index { longest = max(longest, Self.common(bytes[start...], bytes[index...])) }
        return longest
    }

    /// How many bytes follow one of the sequences, from any place in it.
    private static func walk(along bytes: ArraySlice<UInt8>) -> Int {
        guard let first = bytes.first else { return 0 }
        var longest = 0
        for text in Self.walks[Int(first)] { longest = max(longest, Self.common(text, bytes)) }
        return longest
    }

    /// With how many bytes both begin.
    private static func common(_ left: ArraySlice<UInt8>, _ right: ArraySlice<UInt8>) -> Int {
        var count = 0
        for (first, second) in zip(left, right) {
            guard first == second else { break }
            count += 1
        }
        return count
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }

    /// The sequences that people type, forward and backward, from each place in them on: by the byte that is there. Some
    /// go on from the end to the beginning.
    private static let walks: [[ArraySlice<UInt8>]] = {
        let texts = [
            "0123456789abcdefghijklmnopqrstuvwxyz0123456789", "0123456789abcdef0123456789abcdef",
            "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz", "12345678901234567890", "1234567890abcdefghijk",
            "qwertyuiopasdfghjklzxcvbnmqwertyuiop", "qwertyuiop[]asdfghjkl;'zxcvbnm,./", "1234567890qwertyuiop",
            "1234567890-=qwertyuiop", "!@#$%^&*()_+", "qwertzuiopasdfghjklyxcvbnm", "azertyuiopqsdfghjklmwxcvbn",
            "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p;/", "qazwsxedcrfvtgbyhnujmikolp", "1q2w3e4r5t6y7u8i9o0p",
            "q1w2e3r4t5y6u7i8o9p0", "qawsedrftgyhujikolp",
        ]
        var walks = [[ArraySlice<UInt8>]](repeating: [], count: 256)
        for text in texts.flatMap({ [Array($0.utf8), Array($0.utf8.reversed())] }) {
            for place in text.indices { walks[Int(text[place])].append(text[place...]) }
        }
        return walks
    }()
}

/// Keys that every attacker can read: in Flask's documentation, in tutorials, and in this project's own pages.
///
/// An attacker tries them first. A test reads README.md and docs/ and checks that every key there is in this list.
enum PrintedKeys {
    /// Whether a key is one of them. Letter case and signs between the words do not count, and a key that is the bytes
    /// of a printed hex or base64 text counts too.
    static func contain(_ key: SecretKey) -> Bool {
        Self.exact.contains(key) || Self.letters(of: key.bytes).map(Self.plain.contains) ?? false
    }

    private static let texts = [
        // Flask's documentation and its tutorials.
        "any random string", "your_secret_key", "your secret key here", "dev", "development", "development key",
        "secret", "the secret key", "super secret key", "my secret", "my secret key", "this is a secret key",
        "this is secret", "top secret", "change me", "change this", "change this key", "replace me", "default",
        "default secret key", "you will never guess", "hard to guess string", "test", "test key", "testing", "password",
        "flask", "insecure", "not so secret", "a really really really really long secret key", "key", "s3cr3t",
        "secret string", "random string", "some random string", "a secret", "a secret key",
        "192b9bdd22ab9ed4d12e236c78afcb9a393ec15f71bbf5dc987d54727823bcbf",
        // README.md, docs and the comments in the sources.
        "put your own 32 random bytes or more here", "the key before this one", "some old key, 32 bytes or more!",
        "the key that signs, also 32 bytes", "the key that will sign next, 32 b", "the old key", "the new key",
        "32 random bytes and not these ones!", "an example key, 32 or more bytes long",
    ]

    /// `_5#y2L"F4Q8z\n\xec]/` of Flask's documentation, and the shorter forms of it elsewhere.
    private static let flask = Array("_5#y2L\"F4Q8z".utf8)

    private static let exact: Set<SecretKey> = {
        let keys: [[UInt8]] = [
            Self.flask, Self.flask + Array("\n".utf8) + [0xEC] + Array("]/".utf8),
            Self.flask + Array("\n".utf8) + [0xEC, 0x5D, 0x2F], Array("_5".utf8),
        ]
        return Set(keys.map(SecretKey.init(bytes:)) + Self.texts.flatMap(Self.decoded))
    }()

    private static let plain = Set(Self.texts.compactMap { Self.letters(of: Array($0.utf8)) })

    /// The letters and digits of a text in lower case; nil for bytes that are not printable text, because random bytes
    /// have a letter or two by chance.
    private static func letters(of bytes: [UInt8]) -> [UInt8]? {
        guard bytes.allSatisfy({ (0x20...0x7E).contains($0) }) else { return nil }
        return bytes.compactMap { byte in
            guard byte.isASCIILetterOrDigit(or: "") else { return nil }
            return (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
        }
    }

    /// The bytes of a text that is read as hex or base64.
    private static func decoded(_ text: String) -> [SecretKey] {
        let hex = Hex.bytes(Array(text.utf8)[...]).map(SecretKey.init(bytes:))
        return [hex, SecretKey(base64: text)].compactMap(\.self)
    }
}
