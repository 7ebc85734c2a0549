// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import TestSupport
import Testing

@testable import Dewar

/// Reads `http_pieces.json` for the routing suites.
enum RoutingVectors {
    static func cases(_ list: String) throws -> [[String: Any]] {
        let file = try #require(try Fixtures.json("http_pieces") as? [String: Any])
        return try #require(file[list] as? [[String: Any]])
    }

    /// A table with the case's rules, each with its endpoint as value.
    static func table(_ vector: [String: Any]) throws -> RouteTable<String> {
        var table = RouteTable<String>()
        for rule in try #require(vector["rules"] as? [[String: Any]]) {
            let endpoint = try #require(rule["endpoint"] as? String)
            let text = try #require(rule["rule"] as? String)
            let methods = try #require(rule["methods"] as? [String])
            try table.add(
                RoutePattern(text), name: endpoint, methods: methods, value: endpoint
            )
        }
        return table
    }

    /// A typed value of the vectors.
    static func value(_ typed: Any) throws -> URLValue {
        let typed = try #require(typed as? [String: Any])
        let text = typed["value"] as? String ?? typed["bits"] as? String
        let value: URLValue? =
            switch typed["type"] as? String {
            case "none": .null
            case "bool": (typed["value"] as? Bool).map { URLValue($0) }
            case "int": text.flatMap { Int($0) }.map { URLValue($0) }
            case "float": text.flatMap { UInt64($0, radix: 16) }.map { URLValue(Double(bitPattern: $0)) }
            case "list", "tuple": try (typed["items"] as? [Any]).map { URLValue(try $0.map { try Self.value($0) }) }
            default: text.map { URLValue($0) }
            }
        return try #require(value)
    }
}
