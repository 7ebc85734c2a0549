// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// The origin of a page, as a browser writes it into the `Origin` field: `scheme://host[:port]` (RFC 6454, section
/// 6.2).
package struct Origin {
    package let scheme: Substring
    package let host: HostAndPort

    /// Nil for any other text: `null`, one with a path or a user, one without a scheme.
    package init?(_ text: String) {
        let bytes = text.utf8
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")), bytes[colon...].starts(with: "://".utf8),
            Self.isScheme(text[..<colon].utf8),
            let host = HostAndPort(text[bytes.index(colon, offsetBy: 3)...])
        else { return nil }
        self.scheme = text[..<colon]
        self.host = host
    }

    /// Whether it is written as browsers do: in small letters, and without the scheme's default port.
    package var isNormal: Bool {
        let hasCapitals = [self.scheme, self.host.name].contains { $0.utf8.contains { (0x41...0x5A).contains($0) } }
        return !hasCapitals && (self.host.port == nil || self.host.port != self.defaultPort)
    }

    /// Whether a request that was sent to a host came from this origin. Letter case does not count (RFC 3986, section
    /// 6.2.2.1), and the scheme's default port may be written or left out (RFC 9110, section 7.2).
    ///
    /// A `Host` field has no scheme, and is taken to have that of this origin.
    package func isSame(as other: HostAndPort) -> Bool {
        self.host.hasName(of: other) && self.host.port ?? self.defaultPort == other.port ?? self.defaultPort
    }

    /// Whether two origins are the same, however they are written.
    package func isSame(as other: Origin) -> Bool {
        self.scheme.lowercased() == other.scheme.lowercased() && self.isSame(as: other.host)
    }

    private var defaultPort: Int? {
        switch self.scheme.lowercased() {
        case "http": 80
        case "https": 443
        default: nil
        }
    }

    private static func isScheme(_ bytes: Substring.UTF8View) -> Bool {
        guard let first = bytes.first, first.isASCIILetter else { return false }
        return bytes.allSatisfy { $0.isASCIILetterOrDigit(or: "+-.") }
    }
}

/// A host and perhaps a port, as in an origin and in the `Host` field (RFC 3986, section 3.2).
package struct HostAndPort {
    /// A name, an IPv4 address, or an IPv6 address in brackets, as it was written; ASCII.
    package let name: Substring
    /// The port, if one is written.
    package let port: Int?

    /// Nil for any other text: one with a user or a path, or with letters beyond ASCII.
    package init?(_ text: Substring) {
        let bytes = text.utf8
        guard let end = Self.end(ofNameIn: bytes) else { return nil }
        self.name = text[..<end]
        guard end != bytes.endIndex else {
            self.port = nil
            return
        }
        let digits = bytes[end...].dropFirst()
        guard bytes[end] == UInt8(ascii: ":"), (1...5).contains(digits.count), digits.allSatisfy(\.isASCIIDigit),
            digits.first != UInt8(ascii: "0"), let port = Int(Substring(digits))
        else { return nil }
        self.port = port
    }

    /// Whether the names are equal, apart from letter case.
    package func hasName(of other: HostAndPort) -> Bool { self.name.lowercased() == other.name.lowercased() }

    private static func end(ofNameIn bytes: Substring.UTF8View) -> Substring.Index? {
        guard bytes.first == UInt8(ascii: "[") else {
            let name = bytes.prefix { $0 != UInt8(ascii: ":") }
            return !name.isEmpty && name.allSatisfy { $0.isASCIILetterOrDigit(or: "-._~") } ? name.endIndex : nil
        }
        guard let bracket = bytes.firstIndex(of: UInt8(ascii: "]")) else { return nil }
        let address = bytes[..<bracket].dropFirst()
        guard !address.isEmpty, address.allSatisfy(Self.isInAddress) else { return nil }
        return bytes.index(after: bracket)
    }

    private static func isInAddress(_ byte: UInt8) -> Bool {
        byte.isASCIIDigit || (0x61...0x66).contains(byte | 0x20) || byte == UInt8(ascii: ":")
            || byte == UInt8(ascii: ".")
    }
}
