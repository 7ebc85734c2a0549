// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import NIOCore

/// Reads the address of a visitor as proxies write it (RFC 7239, section 6).
enum ForwardedAddress {
    /// The address without brackets and port; nil for `unknown`, for an obfuscated identifier, and for text that is not
    /// an address.
    static func address(_ text: String) -> String? {
        let bytes = text.utf8
        if bytes.first == UInt8(ascii: "[") {
            guard let end = bytes.firstIndex(of: UInt8(ascii: "]")), Self.isPort(bytes[bytes.index(after: end)...])
            else {
                return nil
            }
            return Self.number(bytes[..<end].dropFirst())
        }
        let colons = bytes.lazy.filter { $0 == UInt8(ascii: ":") }.count
        guard colons == 1, let colon = bytes.firstIndex(of: UInt8(ascii: ":")) else { return Self.number(bytes[...]) }
        guard Self.isPort(bytes[colon...]) else { return nil }
        return Self.number(bytes[..<colon])
    }

    /// The address in its usual spelling.
    private static func number(_ bytes: Substring.UTF8View) -> String? {
        let text = String(decoding: bytes, as: UTF8.self)
        return (try? SocketAddress(ipAddress: text, port: 0))?.ipAddress
    }

    /// Nothing, or a colon and a port. A proxy may send an obfuscated port (`:_x`).
    private static func isPort(_ bytes: Substring.UTF8View) -> Bool {
        guard let first = bytes.first else { return true }
        let port = bytes.dropFirst()
        return first == UInt8(ascii: ":") && (HostField.port(port) != nil || port.first == UInt8(ascii: "_"))
    }
}
