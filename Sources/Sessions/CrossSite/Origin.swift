// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// Where a page comes from, as a browser writes it into the `Origin` field: `scheme://host[:port]` (RFC 6454, section
/// 6.2).
struct Origin {
    let scheme: Substring
    /// The host, and the port where it is not the scheme's own.
    let host: Substring

    /// Nil for anything else: `null`, a path behind it, a user before it, no scheme.
    init?(_ text: String) {
        let bytes = text.utf8
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")), bytes[colon...].starts(with: "://".utf8) else {
            return nil
        }
        self.scheme = text[..<colon]
        self.host = text[bytes.index(colon, offsetBy: 3)...]
        guard Self.isScheme(self.scheme.utf8), Self.isHost(self.host.utf8) else { return nil }
    }

    /// Whether it is written as browsers do: in small letters, and without a port that goes without saying.
    var isNormal: Bool {
        guard ![self.scheme, self.host].contains(where: { $0.utf8.contains { (0x41...0x5A).contains($0) } }) else {
            return false
        }
        return switch self.scheme {
        case "http": !self.host.hasSuffix(":80")
        case "https": !self.host.hasSuffix(":443")
        default: true
        }
    }

    private static func isScheme(_ bytes: Substring.UTF8View) -> Bool {
        guard let first = bytes.first, first.isASCIILetter else { return false }
        return bytes.allSatisfy { $0.isASCIILetterOrDigit(or: "+-.") }
    }

    /// A name, an IPv4 address, or an IPv6 address in brackets, and a port behind it or none.
    private static func isHost(_ bytes: Substring.UTF8View) -> Bool {
        var rest = bytes[...]
        if rest.first == UInt8(ascii: "[") {
            guard let end = rest.firstIndex(of: UInt8(ascii: "]")) else { return false }
            let address = rest[..<end].dropFirst()
            guard !address.isEmpty, address.allSatisfy({ Self.isInAddress($0) }) else { return false }
            rest = rest[rest.index(after: end)...]
        } else {
            let name = rest.prefix { $0 != UInt8(ascii: ":") }
            guard !name.isEmpty, name.allSatisfy({ Self.isInName($0) }) else { return false }
            rest = rest[name.endIndex...]
        }
        guard let colon = rest.first else { return true }
        let port = rest.dropFirst()
        return colon == UInt8(ascii: ":") && (1...5).contains(port.count) && port.allSatisfy(\.isASCIIDigit)
    }

    private static func isInName(_ byte: UInt8) -> Bool { byte.isASCIILetterOrDigit(or: "-._~") }

    private static func isInAddress(_ byte: UInt8) -> Bool {
        byte.isASCIIDigit || (0x61...0x66).contains(byte | 0x20) || byte == UInt8(ascii: ":")
            || byte == UInt8(ascii: ".")
    }
}
