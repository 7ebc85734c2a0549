// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import NIOCore
import Sessions

/// The value of a `Host` field: a name or a number, and a port or none (RFC 9110, section 7.2).
///
/// The application mails links with this host, so only valid hosts are accepted: names of letters, digits, `-`, `_` and
/// `.`, IPv4 addresses, and IPv6 addresses in brackets. Werkzeug accepts the same (werkzeug/sansio/utils.py:12) except
/// `_`, which names in container networks contain.
package struct HostField: Hashable, Sendable {
    /// In small letters; an IPv6 address with its brackets.
    package let name: String
    /// 1 to 65535; nil for none.
    var port: Int?

    /// Nil for text that is not a host, such as one with a user before it, a space, a quote or an invalid port.
    package init?(_ text: String) {
        let bytes = text.utf8[...]
        let name: Substring.UTF8View
        if bytes.first == UInt8(ascii: "[") {
            guard let end = bytes.firstIndex(of: UInt8(ascii: "]")) else { return nil }
            name = bytes[...end]
            guard Self.isIPv6(String(decoding: name.dropFirst().dropLast(), as: UTF8.self)) else { return nil }
        } else {
            name = bytes.prefix { $0 != UInt8(ascii: ":") }
            guard Self.isName(name) else { return nil }
        }
        self.name = String(decoding: name, as: UTF8.self).lowercased()
        let rest = bytes[name.endIndex...]
        guard let colon = rest.first else { return }
        guard colon == UInt8(ascii: ":"), let port = Self.port(rest.dropFirst()) else { return nil }
        self.port = port
    }

    /// As it stands in a `Host` field.
    var text: String { self.name + (self.port.map { ":\($0)" } ?? "") }

    /// A port, 1 to 65535, in ASCII digits; nil for anything else.
    static func port(_ bytes: some Collection<UInt8>) -> Int? {
        guard (1...5).contains(bytes.count), bytes.allSatisfy(\.isASCIIDigit),
            let port = Int(String(decoding: bytes, as: UTF8.self)), (1...65535).contains(port)
        else { return nil }
        return port
    }

    /// Labels of letters, digits, `-` and `_`, none of them empty; one dot may stand at the end.
    private static func isName(_ bytes: Substring.UTF8View) -> Bool {
        var isLabelEmpty = true
        for (offset, byte) in bytes.enumerated() {
            let isDot = byte == UInt8(ascii: ".")
            // A dot after an empty label, or one that stands alone.
            guard isDot ? !isLabelEmpty : byte.isASCIILetterOrDigit(or: "-_") else { return false }
            isLabelEmpty = isDot && offset < bytes.count - 1
        }
        return !isLabelEmpty
    }

    /// A zone (`%eth0`) has a meaning on one machine only, so an address with a zone is not accepted.
    private static func isIPv6(_ text: String) -> Bool {
        guard text.utf8.contains(UInt8(ascii: ":")), !text.utf8.contains(UInt8(ascii: "%")) else { return false }
        return (try? SocketAddress(ipAddress: text, port: 0)) != nil
    }
}
