// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

public import Foundation
import Sessions

/// The cookie of a stored session, taken apart.
public struct StolenCookie: Sendable {
    struct Unreadable: Error {}

    /// The name and the value, as a browser sends them.
    let pair: String
    public let id: Data
    public let secret: Data

    init(_ setCookie: String?) throws {
        guard let setCookie else { throw Unreadable() }
        self.pair = String(setCookie.prefix { $0 != ";" })
        let payload = self.pair.drop { $0 != "=" }.dropFirst().prefix { $0 != "." }
        let base64 = payload.replacingOccurrences(of: "-", with: "+").replacingOccurrences(of: "_", with: "/")
        guard let bytes = Data(base64Encoded: base64), bytes.count == 48 else { throw Unreadable() }
        self.id = Data(bytes.prefix(16))
        self.secret = Data(bytes.dropFirst(16))
    }

    /// The id in hex digits.
    public var hexadecimalID: Data { Data(Hex.text(self.id).utf8) }

    /// Whether the secret stands in some bytes, as it is or in hex or base64.
    public func isGivenAway(by bytes: Data) -> Bool {
        let hexadecimal = Hex.text(self.secret)
        // In the cookie's base64 the secret begins in the middle of a group, so its own text begins with the second.
        let spellings = [
            self.secret, Data(hexadecimal.utf8), Data(hexadecimal.uppercased().utf8),
            Data(self.secret.base64EncodedString().utf8.dropLast(4)),
            Data(self.secret.dropFirst(2).base64EncodedString().utf8),
            Data(Self.base64(Array(self.id + self.secret)).utf8.dropFirst(24)),
        ]
        return spellings.contains { bytes.range(of: $0) != nil }
    }

    /// As a cookie has it: the letters that may stand in a URL.
    static func base64(_ bytes: [UInt8]) -> String {
        Data(bytes).base64EncodedString()
            .replacingOccurrences(of: "+", with: "-").replacingOccurrences(of: "/", with: "_")
    }
}
