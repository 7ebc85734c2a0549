// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

/// Makes the target of a redirect fit for a `Location` header, as Werkzeug does (werkzeug/urls.py:113).
///
/// Each part of the URL is percent-encoded with its own set of characters; encoded text stays as it is. The host
/// becomes ASCII and lower case. Tabs and line ends are removed. A relative target stays relative.
package enum LocationEncoding {
    private static let pathAllowed = PercentEncoding.Allowed(unreservedAnd: "%!$&'()*+,/:;=@")
    private static let queryAllowed = PercentEncoding.Allowed(unreservedAnd: "%!$&'()*+,/:;=?@")
    private static let fragmentAllowed = PercentEncoding.Allowed(unreservedAnd: "%!#$&'()*+,/:;=?@")
    private static let userAllowed = PercentEncoding.Allowed(unreservedAnd: "%!$&'()*+,;=")
    private static let authorityAllowed = PercentEncoding.Allowed(unreservedAnd: "%!$&'()*+,;=:@[]")

    /// The value of the `Location` header: ASCII without controls, whatever the text.
    ///
    /// Where Werkzeug refuses an authority (a bad port or domain name), it is percent-encoded instead.
    package static func encode(_ location: String) -> String {
        let parts = LocationParts(splitting: location)
        var path = PercentEncoding.encode(parts.path, allowing: Self.pathAllowed)
        let authority = parts.authority.isEmpty ? "" : Self.authority(parts.authority)
        let needsAuthority = LocationParts.schemesWithAuthority.contains(parts.scheme) && !path.hasBytes("//")
        if !authority.isEmpty || needsAuthority {
            path = "//" + authority + (path.isEmpty || path.hasBytes("/") ? "" : "/") + path
        }
        if !parts.scheme.isEmpty { path = parts.scheme + ":" + path }
        let query = PercentEncoding.encode(parts.query, allowing: Self.queryAllowed)
        let fragment = PercentEncoding.encode(parts.fragment, allowing: Self.fragmentAllowed)
        return path + (query.isEmpty ? "" : "?" + query) + (fragment.isEmpty ? "" : "#" + fragment)
    }

    private static func authority(_ text: String) -> String {
        let bytes = Array(text.utf8)
        let at = bytes.lastIndex(of: UInt8(ascii: "@"))
        let (host, port) = Self.hostAndPort(bytes[(at.map { $0 + 1 } ?? 0)...])
        guard let name = Self.asciiHost(host), let suffix = Self.portSuffix(port) else {
            return PercentEncoding.encode(text, allowing: Self.authorityAllowed)
        }
        let hostPart = name.utf8.contains(UInt8(ascii: ":")) ? "[\(name)]" : name
        return Self.userPrefix(bytes[..<(at ?? 0)]) + hostPart + suffix
    }

    private static func hostAndPort(_ bytes: ArraySlice<UInt8>) -> (host: ArraySlice<UInt8>, port: ArraySlice<UInt8>) {
        var host = bytes
        var rest = bytes
        if let open = bytes.firstIndex(of: UInt8(ascii: "[")) {
            let close = bytes[open...].firstIndex(of: UInt8(ascii: "]")) ?? bytes.endIndex
            host = bytes[(open + 1)..<close]
            rest = bytes[close...]
        }
        guard let colon = rest.firstIndex(of: UInt8(ascii: ":")) else { return (host, []) }
        return (host.prefix(upTo: min(colon, host.endIndex)), rest[(colon + 1)...])
    }

    /// A zone after "%" keeps its case; a name of ASCII labels is only lower-cased.
    private static func asciiHost(_ bytes: ArraySlice<UInt8>) -> String? {
        let percent = bytes.firstIndex(of: UInt8(ascii: "%")) ?? bytes.endIndex
        let name =
            String(decoding: bytes[..<percent], as: UTF8.self).lowercased()
            + String(decoding: bytes[percent...], as: UTF8.self)
        if name.utf8.contains(where: { $0 >= 0x80 }) {
            guard let ascii = DomainName.ascii(name),
                !ascii.utf8.contains(where: { Self.isDelimiter($0) || $0.isASCIIControl })
            else { return nil }
            return ascii
        }
        var labels = name.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        if let last = labels.popLast(), last.count >= 64 { return nil }
        guard labels.allSatisfy({ (1..<64).contains($0.count) }), !name.utf8.contains(where: \.isASCIIControl) else {
            return nil
        }
        return name
    }

    /// A port is written without leading zeros; port 0 is left out.
    private static func portSuffix(_ bytes: ArraySlice<UInt8>) -> String? {
        guard !bytes.isEmpty else { return "" }
        guard bytes.allSatisfy(\.isASCIIDigit),
            let port = Int(String(decoding: bytes, as: UTF8.self)), port <= 65535
        else { return nil }
        return port == 0 ? "" : ":\(port)"
    }

    private static func userPrefix(_ bytes: ArraySlice<UInt8>) -> String {
        let colon = bytes.firstIndex(of: UInt8(ascii: ":")) ?? bytes.endIndex
        guard colon > bytes.startIndex else { return "" }
        let user = Self.encodedUser(bytes[..<colon])
        let password = bytes[colon...].dropFirst()
        return user + (password.isEmpty ? "" : ":" + Self.encodedUser(password)) + "@"
    }

    private static func encodedUser(_ bytes: ArraySlice<UInt8>) -> String {
        PercentEncoding.encode(String(decoding: bytes, as: UTF8.self), allowing: Self.userAllowed)
    }

    private static func isDelimiter(_ byte: UInt8) -> Bool {
        "/?#@:".utf8.contains(byte)
    }
}

extension String {
    /// Whether the text starts with these bytes; `hasPrefix` compares Characters.
    fileprivate func hasBytes(_ prefix: String) -> Bool {
        self.utf8.starts(with: prefix.utf8)
    }
}
