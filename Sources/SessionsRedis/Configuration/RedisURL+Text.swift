// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

extension RedisURL {
    /// A configuration as a URL, with `***` for the password.
    static func text(_ configuration: RedisConfiguration) -> String {
        let scheme = configuration.tls == nil ? "redis" : "rediss"
        let kind: Kind
        let hosts: [RedisAddress]
        var path: [String] = []
        switch configuration.servers {
        case .standalone(let address):
            if let path = address.socketPath { return Self.text(configuration, socketPath: path) }
            (kind, hosts) = (.standalone, [address])
        case .cluster(let addresses): (kind, hosts) = (.cluster, addresses)
        case .sentinel(let addresses, let primary):
            (kind, hosts) = (.sentinel, addresses)
            path.append(Self.encode(primary))
        }
        if configuration.database != 0 { path.append("\(configuration.database)") }
        let authority = Self.login(configuration) + hosts.map(\.description).joined(separator: ",")
        let place = authority + path.map { "/\($0)" }.joined()
        return "\(scheme)\(kind.rawValue)://\(place)?prefix=\(Self.encode(configuration.prefix))"
    }

    private static func text(_ configuration: RedisConfiguration, socketPath: String) -> String {
        let path = socketPath.split(separator: "/", omittingEmptySubsequences: false).map { Self.encode(String($0)) }
        let database = configuration.database == 0 ? "" : "db=\(configuration.database)&"
        return "unix://\(Self.login(configuration))\(path.joined(separator: "/"))"
            + "?\(database)prefix=\(Self.encode(configuration.prefix))"
    }

    private static func login(_ configuration: RedisConfiguration) -> String {
        let user = configuration.username.map(Self.encode) ?? ""
        return configuration.password == nil ? (user.isEmpty ? "" : "\(user)@") : "\(user):***@"
    }

    private static func encode(_ text: String) -> String {
        PercentEncoding.encode(text, allowing: PercentEncoding.Allowed())
    }
}
