// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

/// A Redis URL in its parts: `scheme://user:password@host,host/path?query`, or `unix://user:password@/path?query`.
struct RedisURL {
    enum Kind: String {
        case standalone = ""
        case sentinel = "+sentinel"
        case cluster = "+cluster"
        case unixSocket = "+unix"
    }

    let kind: Kind
    let isEncrypted: Bool
    let username: String?
    let password: String?
    private let hosts: [RedisAddress]
    private let path: [String]
    private let query: [(name: String, value: String)]

    init(_ url: String) throws(RedisStoreError) {
        let bytes = Array(url.utf8)
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")), bytes[colon...].starts(with: "://".utf8) else {
            throw RedisConfiguration.invalid("A Redis URL begins with redis:// or rediss://.")
        }
        (self.kind, self.isEncrypted) = try Self.scheme(String(decoding: bytes[..<colon], as: UTF8.self).lowercased())
        let (rest, query) = Self.split(bytes[(colon + 3)...], at: "?")
        // The path begins after the first slash. A socket's path keeps that slash.
        let slash = rest.firstIndex(of: UInt8(ascii: "/")) ?? rest.endIndex
        let (authority, path) = (rest[..<slash], slash == rest.endIndex ? nil : rest[(slash + 1)...])
        // The last "@", because a password that is not percent-encoded may contain others.
        let at = authority.lastIndex(of: UInt8(ascii: "@"))
        (self.username, self.password) = Self.login(at.map { authority[..<$0] })
        let hosts = authority[(at.map { $0 + 1 } ?? authority.startIndex)...]
        if self.kind == .unixSocket {
            guard hosts.isEmpty, !self.isEncrypted else { throw Self.invalidSocket }
            self.hosts = [RedisAddress(socketPath: Self.decode(rest[slash...]))]
        } else {
            self.hosts = try Self.hosts(hosts, defaultPort: self.kind == .sentinel ? 26379 : 6379)
        }
        self.path =
            path.map { path in
                path.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).map(Self.decode)
            } ?? []
        self.query = (query ?? []).split(separator: UInt8(ascii: "&")).map { parameter in
            let (name, value) = Self.split(parameter, at: "=")
            return (Self.decode(name), Self.decode(value ?? []))
        }
    }

    func servers() throws(RedisStoreError) -> RedisConfiguration.Servers {
        switch self.kind {
        case .sentinel:
            guard let primary = self.path.first, !primary.isEmpty else {
                throw RedisConfiguration.invalid(
                    "A URL of Redis sentinels names the primary after the hosts: redis+sentinel://host:26379/name")
            }
            return .sentinel(self.hosts, primary: primary)
        case .cluster: return .cluster(self.hosts)
        case .unixSocket: return .standalone(self.hosts[0])
        case .standalone:
            guard self.hosts.count == 1 else {
                throw RedisConfiguration.invalid(
                    "A Redis URL with several hosts begins with redis+sentinel:// or redis+cluster://.")
            }
            return .standalone(self.hosts[0])
        }
    }

    func database() throws(RedisStoreError) -> Int {
        if self.kind == .unixSocket { return try self.databaseOfSocket() }
        var parts = self.path[...]
        if self.kind == .sentinel { parts = parts.dropFirst() }
        // A slash at the end means nothing.
        if parts.last?.isEmpty == true { parts = parts.dropLast() }
        guard let text = parts.first else { return 0 }
        guard parts.count == 1, text.utf8.allSatisfy(\.isASCIIDigit), let number = Int(text) else {
            throw RedisConfiguration.invalid("The path of a Redis URL is the number of the database.")
        }
        return number
    }

    /// The path names the socket, so the number of the database is a parameter.
    private func databaseOfSocket() throws(RedisStoreError) -> Int {
        let numbers = self.query.filter { $0.name == "db" }
        guard let text = numbers.first?.value else { return 0 }
        guard numbers.count == 1, text.utf8.allSatisfy(\.isASCIIDigit), let number = Int(text) else {
            throw RedisConfiguration.invalid("The parameter \"db\" of a Redis URL is the number of the database.")
        }
        return number
    }

    func prefix() throws(RedisStoreError) -> String? {
        let others = self.query.filter { self.kind != .unixSocket || $0.name != "db" }
        guard others.allSatisfy({ $0.name == "prefix" }), others.count <= 1 else {
            throw RedisConfiguration.invalid(
                "The only parameter of a Redis URL is \"prefix\", and of one of a Unix socket \"db\" too.")
        }
        return others.first?.value
    }

    // MARK: - Parts

    private static func scheme(_ scheme: String) throws(RedisStoreError) -> (Kind, isEncrypted: Bool) {
        if scheme == "unix" { return (.unixSocket, false) }
        for (name, isEncrypted) in [("redis", false), ("valkey", false), ("rediss", true), ("valkeys", true)] {
            if scheme.hasPrefix(name), let kind = Kind(rawValue: String(scheme.dropFirst(name.count))) {
                return (kind, isEncrypted)
            }
        }
        throw RedisConfiguration.invalid(
            "A Redis URL begins with redis:// or rediss://, or one of both with +sentinel or +cluster before the colon, "
                + "or with unix://."
        )
    }

    private static func login(_ login: ArraySlice<UInt8>?) -> (username: String?, password: String?) {
        guard let login else { return (nil, nil) }
        let (name, password) = Self.split(login, at: ":")
        return (name.isEmpty ? nil : Self.decode(name), password.map(Self.decode))
    }

    private static func hosts(
        _ text: ArraySlice<UInt8>, defaultPort: Int
    ) throws(RedisStoreError) -> [RedisAddress] {
        var hosts: [RedisAddress] = []
        for host in text.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
            hosts.append(try Self.host(host, defaultPort: defaultPort))
        }
        return hosts
    }

    private static func host(_ text: ArraySlice<UInt8>, defaultPort: Int) throws(RedisStoreError) -> RedisAddress {
        var name = text
        var port: ArraySlice<UInt8>? = nil
        if text.first == UInt8(ascii: "["), let end = text.firstIndex(of: UInt8(ascii: "]")) {
            name = text[(text.startIndex + 1)..<end]
            let rest = text[(end + 1)...]
            guard rest.isEmpty || rest.first == UInt8(ascii: ":") else { throw Self.invalidHost }
            port = rest.isEmpty ? nil : rest.dropFirst()
        } else {
            (name, port) = Self.split(text, at: ":")
            guard name.allSatisfy(Self.mayStandInName) else { throw Self.invalidHost }
        }
        let number = try port.map { port throws(RedisStoreError) in
            guard let number = Int(String(decoding: port, as: UTF8.self)), 1...65535 ~= number else {
                throw Self.invalidHost
            }
            return number
        }
        guard !name.isEmpty else { throw Self.invalidHost }
        return RedisAddress(host: String(decoding: name, as: UTF8.self), port: number ?? defaultPort)
    }

    private static let invalidSocket = RedisConfiguration.invalid(
        "The URL of a Redis server's Unix socket is unix:///path?db=0, with the user and the password before the path "
            + "if there are any, and without TLS.")

    private static let invalidHost = RedisConfiguration.invalid(
        "A Redis URL has a host that is none; \"@\", \"/\", \"?\" and \"#\" in a password are written "
            + "%40, %2F, %3F and %23."
    )

    private static func mayStandInName(_ byte: UInt8) -> Bool { byte.isASCIILetterOrDigit(or: ".-_") }

    private static func decode(_ bytes: ArraySlice<UInt8>) -> String {
        String(decoding: PercentEncoding.decode(bytes), as: UTF8.self)
    }

    private static func split(
        _ bytes: ArraySlice<UInt8>, at separator: Unicode.Scalar
    ) -> (ArraySlice<UInt8>, ArraySlice<UInt8>?) {
        guard let index = bytes.firstIndex(of: UInt8(ascii: separator)) else { return (bytes, nil) }
        return (bytes[..<index], bytes[(index + 1)...])
    }
}
