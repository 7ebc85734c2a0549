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
        case .standalone(let address): (kind, hosts) = (.standalone, [address])
        case .cluster(let addresses): (kind, hosts) = (.cluster, addresses)
        case .sentinel(let addresses, let primary):
            (kind, hosts) = (.sentinel, addresses)
            path.append(Self.encode(primary))
        }
        if configuration.database != 0 { path.append("\(configuration.database)") }
        let user = configuration.username.map(Self.encode) ?? ""
        let login = configuration.password == nil ? (user.isEmpty ? "" : "\(user)@") : "\(user):***@"
        let authority = login + hosts.map(\.description).joined(separator: ",")
        let place = authority + path.map { "/\($0)" }.joined()
        return "\(scheme)\(kind.rawValue)://\(place)?prefix=\(Self.encode(configuration.prefix))"
    }

    private static func encode(_ text: String) -> String {
        PercentEncoding.encode(text, allowing: PercentEncoding.Allowed())
    }
}
