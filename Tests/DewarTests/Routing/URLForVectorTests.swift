// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Testing

@testable import Dewar

@Suite struct URLForVectorTests {
    @Test func urlsAreThoseOfFlask() throws {
        let cases = try RoutingVectors.cases("url_for")
        #expect(!cases.isEmpty)
        for vector in cases {
            let name = try #require(vector["name"] as? String)
            let build = try Self.builder(vector)
            if let url = vector["url"] as? String {
                #expect(try build() == url, "\(name)")
            } else {
                #expect(throws: RouteError.self, "\(name)") { try build() }
            }
        }
    }

    private static func builder(_ vector: [String: Any]) throws -> () throws -> String {
        let urls = try RoutingVectors.table(vector).urls
        let endpoint = try #require(vector["endpoint"] as? String)
        let pairs = try #require(vector["values"] as? [[Any]])
        let values = try pairs.map { pair in (try #require(pair[0] as? String), try RoutingVectors.value(pair[1])) }
        let url = try #require(vector["base_url"] as? String)
        let base = try Self.base(url)
        return {
            try urls.url(
                for: endpoint, values: values, anchor: vector["anchor"] as? String, method: vector["method"] as? String,
                scheme: vector["scheme"] as? String, isExternal: vector["external"] as? Bool, base: base
            )
        }
    }

    /// Cuts `scheme://host/prefix/`.
    private static func base(_ url: String) throws -> URLBase {
        let pieces = url.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
        try #require(pieces.count == 4)
        return URLBase(scheme: String(pieces[0].dropLast()), host: String(pieces[2]), prefix: "/" + pieces[3])
    }
}
