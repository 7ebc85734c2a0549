// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Testing

@testable import Dewar

@Suite struct RoutingVectorTests {
    @Test func requestsReachWhatTheyReachInFlask() throws {
        let cases = try RoutingVectors.cases("routing")
        #expect(!cases.isEmpty)
        for vector in cases {
            let table = try RoutingVectors.table(vector)
            let method = try #require(vector["method"] as? String)
            let path = try #require(vector["path"] as? String)
            try Self.check(table.match(method: method, path: path), vector, "\(method) \(path)")
        }
    }

    private static func check(_ match: RouteMatch<String>, _ vector: [String: Any], _ comment: Comment) throws {
        let status = try #require(vector["status"] as? Int)
        switch match {
        case .found(let endpoint, _, let parameters):
            #expect(status == 200 && vector["allow"] == nil, comment)
            guard let matched = vector["matched"] as? [String: Any] else { return }
            #expect(matched["endpoint"] as? String == endpoint, comment)
            let got = Dictionary(uniqueKeysWithValues: parameters.map { ($0.name, $0.value) })
            #expect(matched["args"] as? [String: String] == got, comment)
        case .automaticOptions(_, let allowed):
            #expect(status == 200, comment)
            #expect(vector["allow"] as? [String] == allowed, comment)
        case .redirect(let path):
            #expect(status == 308, comment)
            let query = vector["query"] as? String ?? ""
            let url = "http://localhost" + path + (query.isEmpty ? "" : "?" + query)
            #expect(vector["location"] as? String == LocationEncoding.encode(url), comment)
        case .methodNotAllowed(let allowed):
            #expect(status == 405, comment)
            #expect(vector["allow"] as? [String] == allowed, comment)
        case .notFound:
            #expect(status == 404, comment)
        }
    }
}
