// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// Turns a session's contents into the value of a cookie and back: one conformer for each format.
protocol TokenCoder: Sendable {
    /// The token for `contents`, signed at `contents.signedAt`.
    func encode(_ contents: TokenContents) throws -> [UInt8]

    /// The contents of a token that is good at the second `now`.
    func decode(_ token: ArraySlice<UInt8>, now: Int) throws(TokenError) -> TokenContents

    /// Whether the token may hold the key, judged without checking anything: false only when it surely does not.
    func mayContain(_ key: String, in token: ArraySlice<UInt8>) -> Bool

    /// When the token claims to have been signed, in seconds since 1970, with nothing checked that need not be.
    func claimedTime(of token: ArraySlice<UInt8>) -> Int?

    /// Whether the token looks like one of this format, with nothing checked.
    func hasForm(of token: ArraySlice<UInt8>) -> Bool

    /// Whether the token may have a format that is read and no longer written, with nothing checked.
    func mayBeOld(_ token: ArraySlice<UInt8>) -> Bool
}

/// What holds for `payload.timestamp.signature`, whatever signs it.
extension TokenCoder {
    func mayContain(_ key: String, in token: ArraySlice<UInt8>) -> Bool {
        guard let segments = TimedSigner.segments(of: token) else { return false }
        return TokenPayload.mayContain(key, in: segments.value)
    }

    func claimedTime(of token: ArraySlice<UInt8>) -> Int? {
        TimedSigner.segments(of: token).flatMap { TimedSigner.seconds($0.timestamp) }
    }

    func hasForm(of token: ArraySlice<UInt8>) -> Bool { TimedSigner.segments(of: token) != nil }

    func mayBeOld(_ token: ArraySlice<UInt8>) -> Bool { false }
}
