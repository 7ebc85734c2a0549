// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dewar
import HTTPTypes

extension HTTPRequest {
    /// The head of a stream's request as the application takes it: with the scheme that the connection has, and without
    /// a `Host` field, which says what the authority does.
    ///
    /// NIO has checked the names and values of the fields, and that there are those that there must be.
    ///
    /// - Returns: Nil for a head that is malformed (RFC 9113, section 8.3.1).
    func arrivedOverHTTP2() -> HTTPRequest? {
        guard self.path.map(Self.isTarget(for: self.method)) ?? (self.method == .connect) else { return nil }
        var head = self
        head.scheme = "https"
        guard let name = Self.hostName else { return nil }
        let hosts = self.headerFields[values: name]
        guard hosts.count <= 1 else { return nil }
        if let host = hosts.first {
            guard self.authority.map({ $0.lowercased() == host.lowercased() }) ?? true else { return nil }
            head.authority = host
            head.headerFields[name] = nil
        }
        return head
    }

    private static let hostName = HTTPField.Name("Host")

    private static func isTarget(for method: Method) -> (String) -> Bool {
        { path in path.utf8.first == UInt8(ascii: "/") || (method == .options && path == "*") }
    }

    /// Whether the target and the header fields are as few and as short as those of any request.
    func isWithin(_ limits: ServerLimits) -> Bool {
        let target = (self.path?.utf8.count ?? 0) + (self.authority?.utf8.count ?? 0)
        let size = self.headerFields.reduce(target) { $0 + $1.name.rawName.utf8.count + $1.value.utf8.count }
        return size <= limits.maximumHeaderSize && self.headerFields.count <= ServerLimits.maximumFieldCount
    }
}

extension HTTPResponse {
    /// Takes out the fields that are about an HTTP/1 connection (RFC 9113, section 8.2.2).
    mutating func removeConnectionFields() {
        for name in Self.connectionFields where self.headerFields.contains(name) { self.headerFields[name] = nil }
    }

    private static let connectionFields = [
        "Connection", "Keep-Alive", "Proxy-Connection", "Transfer-Encoding", "Upgrade",
    ].compactMap { name in HTTPField.Name(name) }
}
