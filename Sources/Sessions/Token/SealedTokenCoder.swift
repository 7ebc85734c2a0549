// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// Dewar's sealed cookie: encrypted and authenticated for the cookie's name, with the session's beginning and end
/// inside.
///
/// `docs/FORMATS.md` has it byte by byte.
struct SealedTokenCoder: TokenCoder {
    static let purpose = "dewar.session"

    private let sealer: Sealer
    private let lifetime: SessionLifetime
    private let clockSkew: Int
    private let random: SessionRandom

    init(
        keys: SecretKeys, cookieName: String, purpose: String = Self.purpose, lifetime: SessionLifetime, clockSkew: Int,
        random: SessionRandom = .system
    ) {
        self.sealer = Sealer(keys: keys, purpose: purpose, name: cookieName, random: random)
        self.lifetime = lifetime
        self.clockSkew = clockSkew
        self.random = random
    }

    func encode(_ contents: TokenContents) throws -> [UInt8] {
        let created = contents.createdAt ?? contents.signedAt
        let absoluteEnd = self.lifetime.absoluteSeconds.map { created + $0 }
        let payload = SealedPayload(
            createdAt: created, sealedAt: contents.signedAt,
            expiresAt: min(contents.signedAt + self.lifetime.idleSeconds, absoluteEnd ?? .max),
            id: contents.id ?? SessionID(using: self.random), idMadeAt: contents.idMadeAt ?? contents.signedAt * 1000,
            json: try TaggedJSON.encode(.dictionary(contents.values)))
        return try self.sealer.seal(payload.bytes)
    }

    func decode(_ token: ArraySlice<UInt8>, now: Int) throws(TokenError) -> TokenContents {
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
        let compressed = Zlib.compress(json).flatMap { $0.count < json.count ? $0 : nil }
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
