// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

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
    package typealias Digest = MessageCode.HashFunction

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
    package static func segments(of token: ArraySlice<UInt8>) -> (
        value: ArraySlice<UInt8>, timestamp: ArraySlice<UInt8>
    )? {
        guard let signature = token.lastIndex(of: Signer.separator),
            let time = token[..<signature].lastIndex(of: Signer.separator)
        else { return nil }
        return (token[..<time], token[(time + 1)..<signature])
    }

    /// The second that a timestamp stands for; nil when it is malformed or past the year 9999.
    package static func seconds(_ text: ArraySlice<UInt8>) -> Int? {
        guard let bytes = Base64.decodeURLSafe(text), bytes.count <= 8 else { return nil }
        let number = BigEndian.number(bytes)
        return number <= CivilTime.lastSecond ? Int(number) : nil
    }
}
