// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Crypto

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Appends a signature to bytes and checks it: `value.signature` (itsdangerous' `Signer`, `itsdangerous/signer.py`).
///
/// The signing key is derived as Flask does it, HMAC(secret, salt), once for every secret; the salt keeps tokens of one
/// purpose from passing for another's.
///
/// ```swift
/// let signer = Signer(keys: "a secret", salt: "cookie-session")
/// let token = signer.sign(Array("value".utf8))
/// let value = try signer.unsign(token[...])
/// ```
package struct Signer: Sendable {
    /// The hash function under the HMAC.
    package enum Digest: Sendable, Hashable {
        /// What Flask uses. SHA-1's collisions do not touch HMAC.
        case sha1
        case sha256
    }

    private let keys: [(code: MessageCode, watched: WatchedKey)]

    /// A signer for one purpose.
    ///
    /// - Parameters:
    ///   - keys: The first signs; any of them verifies.
    ///   - salt: The purpose, as text; it need not be secret.
    ///   - digest: The hash function.
    package init(keys: SecretKeys, salt: String, digest: Digest = .sha1) {
        self.keys = keys.all.map { (MessageCode(secret: $0.key, salt: salt, digest: digest), $0) }
    }

    /// The value, a dot and the signature in base64url.
    package func sign(_ value: [UInt8]) -> [UInt8] {
        var token = value
        self.sign(&token)
        return token
    }

    /// Adds a dot and the signature to a value.
    func sign(_ token: inout [UInt8]) {
        let signature = self.keys[0].code.base64(for: token[...])
        token.append(Self.separator)
        token += signature
    }

    /// The value of a token, once its signature is found to be good.
    ///
    /// A key past its end is as good as none. The signature is compared in constant time and read as leniently as
    /// Python reads base64: each has several spellings.
    ///
    /// - Throws: ``TokenError`` with `noSeparator` or `badSignature`.
    package func unsign(_ token: ArraySlice<UInt8>) throws(TokenError) -> ArraySlice<UInt8> {
        try self.unsignTellingKey(token).value
    }

    /// The value of a token, and whether another key made it than the one that signs now.
    package func unsignTellingKey(
        _ token: ArraySlice<UInt8>
    ) throws(TokenError) -> (value: ArraySlice<UInt8>, hasOtherKey: Bool) {
        guard let dot = token.lastIndex(of: Self.separator) else { throw TokenError(.noSeparator) }
        let value = token[..<dot]
        guard let signature = Base64.decodeURLSafe(token[(dot + 1)...]) else { throw TokenError(.badSignature) }
        for index in self.keys.indices
        where self.keys[index].watched.isAccepted && self.keys[index].code.isValid(signature, for: value) {
            self.keys[index].watched.noteUse()
            return (value, index > 0)
        }
        throw TokenError(.badSignature)
    }

    package static let separator = UInt8(ascii: ".")
}

/// HMAC under one derived key.
enum MessageCode: Sendable {
    case sha1(KeyedHash<Insecure.SHA1>)
    case sha256(KeyedHash<SHA256>)

    /// The key is HMAC(secret, salt): `itsdangerous/signer.py`, derivation `hmac`.
    init(secret: SecretKey, salt: String, digest: Signer.Digest) {
        let secret = SymmetricKey(data: secret.bytes)
        let salt = Array(salt.utf8)
        switch digest {
        case .sha1: self = .sha1(KeyedHash(HMAC<Insecure.SHA1>.authenticationCode(for: salt, using: secret)))
        case .sha256: self = .sha256(KeyedHash(HMAC<SHA256>.authenticationCode(for: salt, using: secret)))
        }
    }

    /// The code of a message, in base64url.
    func base64(for message: ArraySlice<UInt8>) -> [UInt8] {
        switch self {
        case .sha1(let keyed): Self.base64(keyed.code(for: message))
        case .sha256(let keyed): Self.base64(keyed.code(for: message))
        }
    }

    /// Compares in constant time.
    func isValid(_ code: [UInt8], for message: ArraySlice<UInt8>) -> Bool {
        switch self {
        case .sha1(let keyed): Self.isSame(keyed.code(for: message), code)
        case .sha256(let keyed): Self.isSame(keyed.code(for: message), code)
        }
    }

    private static func base64(_ digest: some Digest) -> [UInt8] {
        // The bytes do not leave the closure.
        unsafe digest.withUnsafeBytes { unsafe Base64.encodeURLSafe($0) }
    }

    /// Every byte is looked at, whether or not one before it differs.
    private static func isSame(_ digest: some Digest, _ code: [UInt8]) -> Bool {
        // The bytes do not leave the closure.
        unsafe digest.withUnsafeBytes { bytes in
            guard bytes.count == code.count else { return false }
            var difference: UInt8 = 0
            for index in code.indices { difference |= unsafe bytes[index] ^ code[index] }
            return difference == 0
        }
    }
}

/// HMAC (RFC 2104, section 2) under one key. The blocks of both hashes that depend on the key alone are hashed once.
///
/// `HMAC` of swift-crypto does the same, and takes messages of any type: on Linux that costs more than the hash of a
/// cookie does (1.1 µs against 0.7 for 200 bytes).
struct KeyedHash<Hash: HashFunction & Sendable>: Sendable {
    private let inner: Hash
    private let outer: Hash

    /// - Parameter key: A code of the same hash function: it is shorter than a block, and so need not be hashed itself.
    init(_ key: HashedAuthenticationCode<Hash>) {
        let block = Array(key) + [UInt8](repeating: 0, count: Hash.blockByteCount - Hash.Digest.byteCount)
        self.inner = Self.state(after: block.map { $0 ^ 0x36 })
        self.outer = Self.state(after: block.map { $0 ^ 0x5C })
    }

    private static func state(after block: [UInt8]) -> Hash {
        var hash = Hash()
        hash.update(data: block)
        return hash
    }

    func code(for message: ArraySlice<UInt8>) -> Hash.Digest {
        var (inner, outer) = (self.inner, self.outer)
        // Neither hash keeps the bytes that it reads.
        unsafe message.withUnsafeBytes { unsafe inner.update(bufferPointer: $0) }
        unsafe inner.finalize().withUnsafeBytes { unsafe outer.update(bufferPointer: $0) }
        return outer.finalize()
    }
}

extension MessageCode: CustomReflectable {
    /// `dump` shows nothing: who has the state of the hash can sign as well as who has the key.
    var customMirror: Mirror { Mirror(self, children: []) }
}

extension MessageCode: CustomStringConvertible {
    var description: String { "MessageCode" }
}

/// Signs a value together with the time: `value.timestamp.signature` (itsdangerous' `TimestampSigner`).
///
/// The time is whole seconds since 1970 as a big-endian number without leading zero bytes, in base64url; second 0 is
/// the empty text (`itsdangerous/timed.py`, `encoding.py`).
package struct TimedSigner: Sendable {
    private let signer: Signer

    /// Adds times to what `signer` signs.
    package init(_ signer: Signer) {
        self.signer = signer
    }

    /// The value with the second at which it was signed.
    ///
    /// - Parameter seconds: Seconds since 1970; a time before that counts as 1970.
    package func sign(_ value: [UInt8], at seconds: Int) -> [UInt8] {
        var token = value
        token.append(Signer.separator)
        token += Base64.encodeURLSafe(BigEndian.shortestBytes(UInt64(max(seconds, 0))))
        self.signer.sign(&token)
        return token
    }

    /// The value of a token and when it was signed, if the signature is good and the age allowed.
    ///
    /// - Parameters:
    ///   - token: The text of the token.
    ///   - now: The current second since 1970.
    ///   - maximumAge: The age in seconds that is still good, or nil for any age, the future included.
    ///   - clockSkew: How many seconds in the future a signature may lie, for servers whose clocks differ; Flask's is
    ///     0.
    /// - Throws: ``TokenError``; the signature is looked at before the age.
    package func unsign(
        _ token: ArraySlice<UInt8>, now: Int, maximumAge: Int?, clockSkew: Int = 0
    ) throws(TokenError) -> (value: ArraySlice<UInt8>, signedAt: Int) {
        let signed = try self.signer.unsign(token)
        guard let dot = signed.lastIndex(of: Signer.separator) else { throw TokenError(.timestampMissing) }
        guard let signedAt = Self.seconds(signed[(dot + 1)...]) else { throw TokenError(.timestampMalformed) }
        if let maximumAge {
            if now - signedAt > maximumAge { throw TokenError(.expired, signedAt: signedAt) }
            if signedAt - now > clockSkew { throw TokenError(.notYetValid, signedAt: signedAt) }
        }
        return (signed[..<dot], signedAt)
    }

    /// The signed value and its timestamp, with nothing checked.
    static func segments(of token: ArraySlice<UInt8>) -> (value: ArraySlice<UInt8>, timestamp: ArraySlice<UInt8>)? {
        guard let signature = token.lastIndex(of: Signer.separator),
            let time = token[..<signature].lastIndex(of: Signer.separator)
        else { return nil }
        return (token[..<time], token[(time + 1)..<signature])
    }

    /// The second that a timestamp stands for; nil when it is malformed or past the year 9999.
    static func seconds(_ text: ArraySlice<UInt8>) -> Int? {
        guard let bytes = Base64.decodeURLSafe(text), bytes.count <= 8 else { return nil }
        let number = BigEndian.number(bytes)
        return number <= CivilTime.lastSecond ? Int(number) : nil
    }
}
