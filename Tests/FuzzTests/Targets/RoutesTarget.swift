// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

@testable import Dewar

extension FuzzTarget {
    /// A path in the first line, and a rule in each other line.
    static let routes = FuzzTarget("routes", "route rules, paths, and the URLs of rules") { input in
        let lines = input.lines(atMost: 6).map(\.text)
        var table = RouteTable<Int>()
        var patterns: [RoutePattern] = []
        for (index, rule) in lines.dropFirst().enumerated() {
            guard let pattern = try? RoutePattern(rule) else { continue }
            guard (try? table.add(pattern, name: "\(patterns.count)", methods: ["GET"], value: patterns.count)) != nil
            else { throw Violation(description: "the rule in line \(index) is another one's") }
            patterns.append(pattern)
        }
        let path = lines[0]
        let methods = table.allowedMethods(path: path)
        switch table.match(method: "GET", path: path) {
        case .found(let index, _, let parameters):
            try require(methods.contains("GET"), "a path is found, and allows no method")
            try Self.checkFound(patterns[index], parameters)
        case .redirect(let target): try Self.checkRedirect(target)
        case .notFound: break
        case .methodNotAllowed: throw Violation(description: "every rule answers GET, and GET is not allowed")
        case .automaticOptions: throw Violation(description: "GET was answered as OPTIONS")
        }
    }

    private static func checkRedirect(_ target: String) throws {
        let bytes = Array(target.utf8)
        try require(bytes.first == UInt8(ascii: "/"), "a redirect to no path")
        try require(bytes.dropFirst().first != UInt8(ascii: "/"), "a redirect to another host")
        try require(bytes.allSatisfy { (0x21...0x7E).contains($0) }, "a redirect that is not visible ASCII")
    }

    /// A path that the rule takes has a URL by the rule, which the rule alone takes too.
    private static func checkFound(
        _ pattern: RoutePattern, _ parameters: [(name: String, value: String)]
    ) throws {
        try require(parameters.map(\.name) == pattern.variables.map(\.name), "other parameters than the rule has")
        var alone = RouteTable<Int>()
        try alone.add(pattern, name: "alone", methods: ["GET"], value: 0)
        let url = try alone.urls.url(
            for: "alone", values: parameters.map { ($0.name, URLValue($0.value)) },
            base: URLBase(scheme: "https", host: "a.example"))
        try require(url.utf8.allSatisfy { (0x21...0x7E).contains($0) }, "a URL that is not visible ASCII")
        // A number that Python writes with an exponent, or as `inf`, has a URL that no rule takes, in Flask too.
        guard pattern.variables.count == 1, !url.contains("e+"), Double(parameters[0].value)?.isFinite != false else {
            return
        }
        guard case .found(_, _, let again) = alone.match(method: "GET", path: url) else {
            throw Violation(description: "the URL of a rule is not of the rule")
        }
        try require(isSame(again.first?.value, parameters.first?.value), "the URL of a rule has another parameter")
    }
}
