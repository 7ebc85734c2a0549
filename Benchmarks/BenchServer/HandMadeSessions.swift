// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Crypto
import Foundation

/// What a hand-made session holds.
struct HandMadeValues: Sendable {
    var name = ""
    var count = 0

    init() {}

    /// `NAME.COUNT`, and what may follow it.
    init?(_ text: some Collection<UInt8>) {
        let parts = text.split(separator: UInt8(ascii: "."))
        guard parts.count >= 2, let count = Int(String(decoding: parts[1], as: UTF8.self)) else { return nil }
        self.name = String(decoding: parts[0], as: UTF8.self)
        self.count = count
    }

    var text: String { "\(self.name).\(self.count)" }
}

/// How sessions are found by their cookie's token, and kept.
protocol HandMadeSessions: Sendable {
    func values(of token: String) async throws -> HandMadeValues?
    /// Keeps the values, and gives the token if the visitor needs another.
    func keep(_ values: HandMadeValues, of token: String?) async throws -> String?
}

/// The session itself is in the cookie, `NAME.COUNT.SECOND.SIGNATURE`, with one HMAC. It has no other values, no format
/// that another program reads, no second key, no end, and no care for a cookie that comes twice.
struct HandMadeCookies: HandMadeSessions {
    private let key = SymmetricKey(size: .bits256)

    func values(of token: String) -> HandMadeValues? {
        guard let dot = token.utf8.lastIndex(of: UInt8(ascii: ".")) else { return nil }
        let signed = token.utf8[..<dot]
        // A real one would compare in constant time.
        guard token.utf8[dot...].dropFirst().elementsEqual(self.signature(of: signed).utf8) else { return nil }
        return HandMadeValues(signed)
    }

    func keep(_ values: HandMadeValues, of token: String?) -> String? {
        let text = "\(values.text).\(time(nil))"
        return "\(text).\(self.signature(of: text.utf8[...]))"
    }

    private func signature(of text: Substring.UTF8View) -> String {
        Data(HMAC<SHA256>.authenticationCode(for: Array(text), using: self.key)).base64EncodedString()
    }
}

/// The cookie has a random id, and a store the session.
struct HandMadeIDs<Store: HandMadeStore>: HandMadeSessions {
    let store: Store

    func values(of token: String) async throws -> HandMadeValues? {
        try await self.store.read(token).flatMap { HandMadeValues($0) }
    }

    func keep(_ values: HandMadeValues, of token: String?) async throws -> String? {
        let id = token ?? UUID().uuidString
        try await self.store.write(id, Array(values.text.utf8))
        return token == nil ? id : nil
    }
}
