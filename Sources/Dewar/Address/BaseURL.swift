// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

/// The URL under which visitors reach the application, as its owner has written it: `https://shop.example/app`.
struct BaseURL: Sendable, Equatable {
    /// `http` or `https`.
    let scheme: String
    let host: HostField
    /// A path without a slash at its end; empty at the root.
    let prefix: String

    /// - Throws: ``AppError`` for anything but a scheme, a host and an optional path. The error does not repeat the
    ///   text, which may hold a password.
    init(_ text: String) throws(AppError) {
        let parts = LocationParts(splitting: text)
        guard text.utf8.allSatisfy({ $0 > 0x20 && !"?#\\".utf8.contains($0) }),
            parts.scheme == "http" || parts.scheme == "https",
            let host = Self.host(parts.authority), let prefix = Self.prefix(parts.path)
        else {
            throw AppError(
                .invalidConfiguration,
                "The base URL is none; write https://shop.example, or https://shop.example/app for a path of a site.")
        }
        self.scheme = parts.scheme
        self.host = host
        self.prefix = prefix
    }

    /// The path under which an application is mounted, without a slash at its end; nil for text that is not such a
    /// path.
    static func prefix(_ text: String) -> String? {
        let path = text.utf8.last == UInt8(ascii: "/") ? String(decoding: text.utf8.dropLast(), as: UTF8.self) : text
        guard !path.isEmpty else { return "" }
        let isPlain = path.utf8.allSatisfy { RoutePath.allowed.contains($0) || $0 == UInt8(ascii: "%") }
        return isPlain && LocalPath.accepts(path) ? path : nil
    }

    private static func host(_ authority: String) -> HostField? {
        let bytes = authority.utf8
        guard bytes.contains(where: { $0 >= 0x80 }) else { return HostField(authority) }
        let colon = bytes.firstIndex(of: UInt8(ascii: ":")) ?? bytes.endIndex
        guard let name = DomainName.ascii(String(decoding: bytes[..<colon], as: UTF8.self)) else { return nil }
        return HostField(name + String(decoding: bytes[colon...], as: UTF8.self))
    }
}
