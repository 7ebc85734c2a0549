// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

/// A request's path as routing sees it: decoded to UTF-8 bytes, with exactly one slash at its start.
enum RoutePath {
    /// What Werkzeug leaves as it is in a path segment, and the slash (werkzeug/routing/map.py:606).
    static let allowed = PercentEncoding.Allowed(unreservedAnd: "!$&'()*+,/:;=@")

    /// Percent-decodes the path of a request line: `%2F` is a slash, bytes that are not UTF-8 become U+FFFD, and
    /// slashes at the start collapse. An empty path stays empty.
    static func decode(_ raw: String) -> [UInt8] {
        var bytes = Array(raw.utf8)
        if bytes.contains(UInt8(ascii: "%")) {
            bytes = Array(String(decoding: PercentEncoding.decode(bytes), as: UTF8.self).utf8)
        }
        let slashes = bytes.prefix { $0 == UInt8(ascii: "/") }.count
        guard slashes != 1, !bytes.isEmpty else { return bytes }
        return [UInt8(ascii: "/")] + bytes[slashes...]
    }

    /// The path as it goes into a `Location`.
    static func encode(_ path: [UInt8]) -> String {
        PercentEncoding.encode(String(decoding: path, as: UTF8.self), allowing: Self.allowed)
    }

    /// Each run of slashes as one slash.
    static func mergingSlashes(_ path: [UInt8]) -> [UInt8] {
        var merged: [UInt8] = []
        merged.reserveCapacity(path.count)
        for byte in path where byte != UInt8(ascii: "/") || merged.last != byte { merged.append(byte) }
        return merged
    }

    /// What stands between the slashes, without the empty text before the first one.
    static func segments(of path: [UInt8]) -> [ArraySlice<UInt8>] {
        guard !path.isEmpty else { return [] }
        return path.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    }
}
