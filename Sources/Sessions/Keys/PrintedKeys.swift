// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// Keys that anybody can read: in Flask's documentation, in tutorials, and in this project's own pages.
///
/// An attacker tries them first. A test reads README.md and docs/ and finds every key of theirs here.
enum PrintedKeys {
    /// Whether a key is one of them, also in other letters, with other signs between the words, or as the bytes that a
    /// printed text is the hex or base64 of.
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

    /// `_5#y2L"F4Q8z\n\xec]/` of Flask's documentation, and what is left of it elsewhere.
    private static let flask = Array("_5#y2L\"F4Q8z".utf8)

    private static let exact: Set<SecretKey> = {
        let keys: [[UInt8]] = [
            Self.flask, Self.flask + Array("\n".utf8) + [0xEC] + Array("]/".utf8),
            Self.flask + Array("\n".utf8) + [0xEC, 0x5D, 0x2F], Array("_5".utf8),
        ]
        return Set(keys.map(SecretKey.init(bytes:)) + Self.texts.flatMap(Self.decoded))
    }()

    private static let plain = Set(Self.texts.compactMap { Self.letters(of: Array($0.utf8)) })

    /// The letters and digits of a text alone, in lower case; nil for what is no text, for random bytes have a letter or
    /// two by chance.
    private static func letters(of bytes: [UInt8]) -> [UInt8]? {
        guard bytes.allSatisfy({ (0x20...0x7E).contains($0) }) else { return nil }
        return bytes.compactMap { byte in
            guard byte.isASCIILetterOrDigit(or: "") else { return nil }
            return (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
        }
    }

    /// What a text stands for, if it is taken for hex or base64.
    private static func decoded(_ text: String) -> [SecretKey] {
        let hex = Hex.bytes(Array(text.utf8)[...]).map(SecretKey.init(bytes:))
        return [hex, SecretKey(base64: text)].compactMap(\.self)
    }
}
