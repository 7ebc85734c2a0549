// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Crypto

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Dewar's sealed cookie: encrypted and authenticated for the cookie's name, with the session's beginning and end
/// inside.
///
/// `docs/FORMATS.md` has it byte by byte.
package struct SealedTokenCoder: TokenCoder {
    package static let purpose = "dewar.session"

    private let sealer: Sealer
    private let lifetime: SessionLifetime
    private let clockSkew: Int
    private let random: SessionRandom

    package init(
        keys: SecretKeys, cookieName: String, purpose: String = Self.purpose, lifetime: SessionLifetime, clockSkew: Int,
        random: SessionRandom = .system
    ) {
        self.sealer = Sealer(keys: keys, purpose: purpose, name: cookieName, random: random)
        self.lifetime = lifetime
        self.clockSkew = clockSkew
        self.random = random
    }

    package func encode(_ contents: TokenContents) throws -> [UInt8] {
        let json = try TaggedJSON.encode(.dictionary(contents.values))
        try TokenPayload.checkSize(of: json)
        let created = contents.createdAt ?? contents.signedAt
        let absoluteEnd = self.lifetime.absoluteSeconds.map { created + $0 }
        let payload = SealedPayload(
            createdAt: created, sealedAt: contents.signedAt,
            expiresAt: min(contents.signedAt + self.lifetime.idleSeconds, absoluteEnd ?? .max),
            id: contents.id ?? SessionID(using: self.random), idMadeAt: contents.idMadeAt ?? contents.signedAt * 1000,
            json: json)
        return try self.sealer.seal(payload.bytes)
    }

    package func decode(_ token: ArraySlice<UInt8>, now: Int) throws(TokenError) -> TokenContents {
        guard let payload = SealedPayload(try self.sealer.open(token)) else { throw TokenError(.badPayload) }
        try self.checkAge(of: payload, now: now)
        guard payload.createdAt <= payload.sealedAt + self.clockSkew, let json = payload.json,
            case .dictionary(let values)? = try? TaggedJSON.decode(json)
        else { throw TokenError(.badPayload, signedAt: payload.sealedAt) }
        return TokenContents(
            values: values, createdAt: payload.createdAt, signedAt: payload.sealedAt, expiresAt: payload.expiresAt,
            id: payload.id, idMadeAt: payload.idMadeAt)
    }

    /// The end that the token was given holds, and the limits of today.
    private func checkAge(of payload: SealedPayload, now: Int) throws(TokenError) {
        guard payload.sealedAt - now <= self.clockSkew else {
            throw TokenError(.notYetValid, signedAt: payload.sealedAt)
        }
        let isTooOld = self.lifetime.absoluteSeconds.map { now - payload.createdAt > $0 } ?? false
        guard now <= payload.expiresAt, now - payload.sealedAt <= self.lifetime.idleSeconds, !isTooOld else {
            throw TokenError(.expired, signedAt: payload.sealedAt)
        }
    }

    /// What is sealed shows nothing, and might hold anything.
    func mayContain(_ key: String, in token: ArraySlice<UInt8>) -> Bool { true }

    /// The time is sealed too.
    func claimedTime(of token: ArraySlice<UInt8>) -> Int? { nil }

    func hasForm(of token: ArraySlice<UInt8>) -> Bool { Sealer.hasForm(of: token) }
}

/// What is under the seal: a byte that says how the JSON is written, three times, the session's id, and the JSON.
struct SealedPayload: Sendable {
    /// When the session began, in seconds since 1970.
    let createdAt: Int
    /// When the token was sealed.
    let sealedAt: Int
    /// The last second at which the token is good.
    let expiresAt: Int
    let id: SessionID
    /// See ``TokenContents/idMadeAt``.
    let idMadeAt: Int
    private let isCompressed: Bool
    private let body: [UInt8]

    init(createdAt: Int, sealedAt: Int, expiresAt: Int, id: SessionID, idMadeAt: Int, json: [UInt8]) {
        self.createdAt = createdAt
        self.sealedAt = sealedAt
        self.expiresAt = expiresAt
        self.id = id
        self.idMadeAt = idMadeAt
        let isLong = json.count >= TokenPayload.minimumCompressed
        let compressed = isLong ? Zlib.compress(json).flatMap { $0.count < json.count ? $0 : nil } : nil
        self.isCompressed = compressed != nil
        self.body = compressed ?? json
    }

    /// Nil when the bytes are no payload; the JSON is not looked at.
    init?(_ bytes: [UInt8]) {
        guard bytes.count >= Self.headerLength, let form = bytes.first, form == Form.plain || form == Form.compressed
        else { return nil }
        let times = (0..<3).map { index in
            Self.number(bytes[(1 + index * Self.timeLength)...].prefix(Self.timeLength))
        }
        let idMadeAt = Self.number(bytes[..<Self.headerLength].suffix(Self.millisecondsLength))
        guard times.allSatisfy({ $0 <= Self.lastSecond }), idMadeAt <= Self.lastMillisecond,
            let id = SessionID(bytes: bytes[Self.timesLength...].prefix(SessionID.length))
        else { return nil }
        self.id = id
        self.idMadeAt = idMadeAt
        self.createdAt = times[0]
        self.sealedAt = times[1]
        self.expiresAt = times[2]
        self.isCompressed = form == Form.compressed
        self.body = Array(bytes[Self.headerLength...])
    }

    var bytes: [UInt8] {
        var bytes = [self.isCompressed ? Form.compressed : Form.plain]
        // A time outside of 1970 to 9999 becomes the nearer end.
        for time in [self.createdAt, self.sealedAt, self.expiresAt] {
            Self.append(min(max(time, 0), Self.lastSecond), length: Self.timeLength, to: &bytes)
        }
        bytes += self.id.bytes
        Self.append(min(max(self.idMadeAt, 0), Self.lastMillisecond), length: Self.millisecondsLength, to: &bytes)
        return bytes + self.body
    }

    /// The JSON; nil when it cannot be inflated, or only to more than a session may have.
    var json: [UInt8]? {
        self.isCompressed ? Zlib.decompress(self.body, limit: TokenPayload.maximumInflatedSize) : self.body
    }

    private enum Form {
        static let plain: UInt8 = 0
        static let compressed: UInt8 = 1
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> Int { Int(truncatingIfNeeded: BigEndian.number(bytes)) }

    private static func append(_ number: Int, length: Int, to bytes: inout [UInt8]) {
        bytes.append(bigEndian: UInt64(number), width: length)
    }

    private static let timeLength = 5
    private static let timesLength = 1 + 3 * Self.timeLength
    private static let millisecondsLength = 6
    static let headerLength = Self.timesLength + SessionID.length + Self.millisecondsLength
    private static let lastSecond = Int(CivilTime.lastSecond)
    private static let lastMillisecond = Self.lastSecond * 1000 + 999
}

/// Encrypts and authenticates bytes for one purpose under one name: AES-256-GCM.
///
/// A token is a version, the id of the secret key, a salt of 256 random bits, the ciphertext and the tag. Each token's
/// key is derived from the secret key and the salt (HKDF-SHA-256) and seals that token alone: two salts meet after some
/// 2^128 tokens, so that no number of tokens wears a secret key out, and the nonce may be zero. What stands before the
/// ciphertext is authenticated with it, and so are the purpose and the name.
struct Sealer: Sendable {
    private static let version: UInt8 = 1
    private static let saltLength = 32
    private static let headerLength = 1 + SealingKey.idLength + Self.saltLength
    private static let tagLength = 16
    private static let nonce = [UInt8](repeating: 0, count: 12)

    private let keys: [(sealing: SealingKey, watched: WatchedKey)]
    private let binding: [UInt8]
    private let random: SessionRandom

    /// - Parameters:
    ///   - keys: The first seals; the one that a token names opens it.
    ///   - purpose: What tokens are for, without a NUL.
    ///   - name: Whose they are, a cookie's name.
    ///   - random: Where salts come from.
    init(keys: SecretKeys, purpose: String, name: String, random: SessionRandom) {
        self.keys = keys.all.map { (SealingKey($0.key), $0) }
        self.binding = Array(purpose.utf8) + [0] + Array(name.utf8)
        self.random = random
    }

    /// The token, in base64url.
    func seal(_ contents: [UInt8]) throws -> [UInt8] {
        let key = self.keys[0].sealing
        let salt = self.random.bytes(Self.saltLength)
        var token = [Self.version]
        token.reserveCapacity(Self.headerLength + contents.count + Self.tagLength)
        token += key.id
        token += salt
        let box = try AES.GCM.seal(
            contents, using: key.tokenKey(salt: salt[...]), nonce: AES.GCM.Nonce(data: Self.nonce),
            authenticating: token + self.binding)
        token += box.ciphertext
        token += box.tag
        return Base64.encodeURLSafe(token)
    }

    /// The contents of a token, once its seal is found to be whole.
    ///
    /// - Throws: ``TokenError`` with `malformedToken`, `unknownVersion`, `unknownKey` or `badSeal`.
    func open(_ token: ArraySlice<UInt8>) throws(TokenError) -> [UInt8] {
        // One spelling alone is good: a client must not be able to change as much as a bit that means nothing.
        guard let bytes = Base64.decodeCanonical(token), let version = bytes.first else {
            throw TokenError(.malformedToken)
        }
        guard version == Self.version else { throw TokenError(.unknownVersion) }
        guard bytes.count >= Self.headerLength + Self.tagLength else { throw TokenError(.malformedToken) }
        let header = bytes[..<Self.headerLength]
        guard let box = try? AES.GCM.SealedBox(combined: Self.nonce + bytes[Self.headerLength...]) else {
            throw TokenError(.malformedToken)
        }
        var isKeyKnown = false
        // Two secrets may have one id, once in four thousand million.
        for key in self.keys
        where key.sealing.id.elementsEqual(header[1...SealingKey.idLength]) && key.watched.isAccepted {
            isKeyKnown = true
            let tokenKey = key.sealing.tokenKey(salt: header.suffix(Self.saltLength))
            if let contents = try? AES.GCM.open(box, using: tokenKey, authenticating: header + self.binding) {
                key.watched.noteUse()
                return Array(contents)
            }
        }
        throw TokenError(isKeyKnown ? .badSeal : .unknownKey)
    }

    /// Whether a text could be a token: it has no dot, which signed ones have. Nothing else is checked.
    static func hasForm(of token: ArraySlice<UInt8>) -> Bool {
        !token.isEmpty && !token.contains(Signer.separator)
    }
}
