// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

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
        let time = BigEndian.shortestBytes(UInt64(max(seconds, 0)))
        return self.signer.sign(value + [Signer.separator] + Base64.encodeURLSafe(time))
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
