// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// What is under the seal: a byte that says how the JSON is written, three times, and the JSON.
struct SealedPayload: Sendable {
    /// When the session began, in seconds since 1970.
    let createdAt: Int
    /// When the token was sealed.
    let sealedAt: Int
    /// The last second at which the token is good.
    let expiresAt: Int
    private let isCompressed: Bool
    private let body: [UInt8]

    init(createdAt: Int, sealedAt: Int, expiresAt: Int, json: [UInt8]) {
        self.createdAt = createdAt
        self.sealedAt = sealedAt
        self.expiresAt = expiresAt
        let compressed = Zlib.compress(json).flatMap { $0.count < json.count ? $0 : nil }
        self.isCompressed = compressed != nil
        self.body = compressed ?? json
    }

    /// Nil when the bytes are no payload; the JSON is not looked at.
    init?(_ bytes: [UInt8]) {
        guard bytes.count >= Self.headerLength, let form = bytes.first, form == Form.plain || form == Form.compressed
        else { return nil }
        let times = (0..<3).map { index in
            bytes[(1 + index * Self.timeLength)...].prefix(Self.timeLength).reduce(Int(0)) { $0 << 8 | Int($1) }
        }
        guard times.allSatisfy({ $0 <= Self.lastSecond }) else { return nil }
        self.createdAt = times[0]
        self.sealedAt = times[1]
        self.expiresAt = times[2]
        self.isCompressed = form == Form.compressed
        self.body = Array(bytes[Self.headerLength...])
    }

    var bytes: [UInt8] {
        var bytes = [self.isCompressed ? Form.compressed : Form.plain]
        for time in [self.createdAt, self.sealedAt, self.expiresAt] {
            // A time outside of 1970 to 9999 becomes the nearer end.
            let number = UInt64(min(max(time, 0), Self.lastSecond))
            withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0.suffix(Self.timeLength)) }
        }
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

    private static let timeLength = 5
    private static let headerLength = 1 + 3 * Self.timeLength
    private static let lastSecond = Int(TimedSigner.lastSecond)
}
