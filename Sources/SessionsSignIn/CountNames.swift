// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Crypto
import Foundation
import Sessions

/// The ids of the records that count: codes of users and networks under a key. A thief of the store cannot tell whose
/// counts these are, and cannot try out names, as with a hash without a key.
struct CountNames: Sendable {
    /// The longest name that is read to its end. No user has a longer one.
    private static let maximumLength = 1024

    private let key: SymmetricKey

    init(key: SecretKey) {
        let code = HMAC<SHA256>.authenticationCode(
            for: Array("dewar.sign-in-limit".utf8), using: SymmetricKey(data: key.bytes))
        self.key = SymmetricKey(data: Data(code))
    }

    func user(_ user: String) -> SessionID { self.id("user", Self.folded(user)) }

    func user(_ user: String, from network: NetworkPrefix) -> SessionID {
        self.id("familiar", network.bytes + Self.folded(user))
    }

    func network(_ network: NetworkPrefix) -> SessionID { self.id("network", network.bytes) }

    private func id(_ kind: String, _ name: [UInt8]) -> SessionID {
        let code = HMAC<SHA256>.authenticationCode(for: Array(kind.utf8) + [0] + name, using: self.key)
        // The code has 32 bytes, and an id is the first sixteen.
        return SessionID(bytes: code.prefix(16)) ?? SessionID(using: .system)
    }

    /// A name without what a database may not tell apart. Two users who then have one name share a count, and that is
    /// all.
    static func folded(_ user: String) -> [UInt8] {
        let name = String(decoding: user.utf8.prefix(Self.maximumLength), as: UTF8.self)
        let folded = name.precomposedStringWithCompatibilityMapping
            .folding(options: [.caseInsensitive, .diacriticInsensitive, .widthInsensitive], locale: nil)
        let shown = String(String.UnicodeScalarView(folded.unicodeScalars.filter(Self.shows)))
        return Array(shown.trimmingCharacters(in: .whitespacesAndNewlines).utf8)
    }

    /// Whether a character takes part in a comparison. With soft hyphens and the like an attacker could write a name in as
    /// many ways as there are attempts to make.
    private static func shows(_ character: Unicode.Scalar) -> Bool {
        guard !character.properties.isDefaultIgnorableCodePoint else { return false }
        return switch character.properties.generalCategory {
        case .control, .format: CharacterSet.whitespacesAndNewlines.contains(character)
        default: true
        }
    }
}
