// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// A host and perhaps a port, as in an origin and in the `Host` field (RFC 3986, section 3.2).
struct HostAndPort {
    /// A name, an IPv4 address, or an IPv6 address in brackets, as it was written; ASCII.
    let name: Substring
    /// Nil where none is written.
    let port: Int?

    /// Nil for anything else: a user before it, a path behind it, letters beyond ASCII.
    init?(_ text: Substring) {
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

    /// Whether the names are the same but for letter case.
    func hasName(of other: HostAndPort) -> Bool { self.name.lowercased() == other.name.lowercased() }

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
