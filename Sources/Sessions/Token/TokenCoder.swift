// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

#if canImport(FoundationEssentials)
package import FoundationEssentials
#else
package import Foundation
#endif

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

/// What a token carries.
package struct TokenContents: Sendable {
    package var values: SessionDictionary
    /// When the session began, in seconds since 1970; nil where the format does not say (Flask's).
    package var createdAt: Int?
    /// When this token was signed or sealed, in seconds since 1970.
    package var signedAt: Int
    /// The end that this token was given, in seconds since 1970; nil where the format does not say.
    package var expiresAt: Int?
    /// Names the session; nil where the format has no ids.
    package var id: SessionID?
    /// The millisecond since 1970 in which the id was made, or the one that it took over from when the session of the
    /// same user was renewed: ending all sessions of a user ends those from before.
    package var idMadeAt: Int?
    /// Whether the token had a format that is read and no longer written.
    package var isInOldFormat = false

    package init(
        values: SessionDictionary, createdAt: Int?, signedAt: Int, expiresAt: Int? = nil, id: SessionID? = nil,
        idMadeAt: Int? = nil
    ) {
        self.values = values
        self.createdAt = createdAt
        self.signedAt = signedAt
        self.expiresAt = expiresAt
        self.id = id
        self.idMadeAt = idMadeAt
    }
}

/// The first segment of a token: JSON in base64url, compressed and marked with a dot when that is shorter
/// (itsdangerous' `url_safe.py`).
package enum TokenPayload {
    /// From how many bytes on Dewar's own formats are compressed. Below, zlib saves little unless the contents repeat, and
    /// takes more time than the rest of the cookie's making.
    static let minimumCompressed = 512

    /// Room for what a cookie can hold compressed, and an end to what a bomb can make of it.
    static let maximumInflatedSize = 1 << 20

    /// Refuses what a reader would refuse: contents that compress well could be sent in a cookie, and never be read again.
    ///
    /// - Throws: `cookieTooLarge`.
    static func checkSize(of json: [UInt8]) throws(SessionError) {
        guard json.count > Self.maximumInflatedSize else { return }
        throw SessionError(
            .cookieTooLarge,
            """
            The session has \(json.count) bytes before they are compressed, and a cookie's may have \
            \(Self.maximumInflatedSize). Store less in the session, or keep sessions in a store: \
            SessionConfiguration.stored(in:).
            """)
    }

    /// - Parameter minimum: How many bytes are tried to compress at least. Flask tries any number.
    static func encode(_ json: [UInt8], compressingFrom minimum: Int = 0) -> [UInt8] {
        // Equal to one byte less does not pay for the dot.
        if json.count >= minimum, let compressed = Zlib.compress(json), compressed.count < json.count - 1 {
            return [Self.compressionMark] + Base64.encodeURLSafe(compressed)
        }
        return Base64.encodeURLSafe(json)
    }

    package static func decode(_ segment: ArraySlice<UInt8>) -> [UInt8]? {
        guard segment.first == Self.compressionMark else { return Base64.decodeURLSafe(segment) }
        guard let compressed = Base64.decodeURLSafe(segment.dropFirst()) else { return nil }
        return Zlib.decompress(compressed, limit: Self.maximumInflatedSize)
    }

    /// Whether the JSON may hold `key`, without inflating or parsing it.
    static func mayContain(_ key: String, in segment: ArraySlice<UInt8>) -> Bool {
        guard segment.first != Self.compressionMark, let json = Base64.decodeURLSafe(segment) else { return true }
        // A reader must also recognise a key that was written with escapes.
        return Self.contains(Array(key.utf8), in: json) || json.contains(UInt8(ascii: "\\"))
    }

    private static let compressionMark = UInt8(ascii: ".")

    private static func contains(_ needle: [UInt8], in bytes: [UInt8]) -> Bool {
        guard let first = needle.first, bytes.count >= needle.count else { return needle.isEmpty }
        return (0...(bytes.count - needle.count)).contains { start in
            bytes[start] == first && bytes[start..<(start + needle.count)].elementsEqual(needle)
        }
    }
}

/// How a session becomes the value of a cookie.
public enum SessionFormat: Sendable, Hashable {
    /// Dewar's encrypted cookie: tagged JSON under AES-256-GCM, bound to the cookie's name, with an absolute end.
    /// Without the key it can be neither read nor altered; its length shows about how much is in it.
    case sealed
    /// Exactly Flask 3.1's cookie: tagged JSON under a timed HMAC-SHA-1. The visitor can read it, and cannot alter it.
    case flask
    /// Dewar's signed cookie: like Flask's with HMAC-SHA-256, bound to the cookie's name, with an absolute end.
    case signed
}

extension TokenContents: FoundSession {
    package var lifetime: SessionLifetime? { nil }
    /// The last response wins.
    package var isMerged: Bool { false }

    package func expiresAt(within configured: SessionLifetime) -> Date? {
        let ends: [Int?] = [self.expiresAt, self.signedAt + configured.idleSeconds, self.absoluteSecond(configured)]
        return ends.compactMap(\.self).min().map { Date(milliseconds: $0 * 1000) }
    }

    package func absoluteEnd(within configured: SessionLifetime) -> Date? {
        self.absoluteSecond(configured).map { Date(milliseconds: $0 * 1000) }
    }

    private func absoluteSecond(_ configured: SessionLifetime) -> Int? {
        guard let created = self.createdAt else { return nil }
        return configured.absoluteSeconds.map { created + $0 }
    }
}

extension SessionState {
    /// What the cookie carried, once opened; nil when it carried no session.
    var opened: TokenContents? { self.found as? TokenContents }
}
