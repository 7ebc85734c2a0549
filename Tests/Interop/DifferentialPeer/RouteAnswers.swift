// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dewar
import Sessions

/// Rules, the paths that they match, and the URLs that they build.
enum RouteAnswers {
    /// Whether a rule is one.
    static func rule(_ test: DifferentialCase) throws -> String? {
        (try? RoutePattern(try test.text(0))) == nil ? nil : SessionValue.bool(true).canonicalText
    }

    /// The number of rules, each rule with its methods, then methods and paths in turn.
    static func match(_ test: DifferentialCase) throws -> String? {
        let count = try test.integer(0)
        var table = RouteTable<Int>()
        for index in 0..<count {
            let methods = try test.text(2 * index + 2).split(separator: " ").map(String.init)
            try table.add(RoutePattern(try test.text(2 * index + 1)), name: "\(index)", methods: methods, value: index)
        }
        let answers = try stride(from: 2 * count + 1, to: test.parts.count, by: 2).map { index in
            Self.value(table.match(method: try test.text(index), path: try test.text(index + 1)))
        }
        return SessionValue.list(answers).canonicalText
    }

    private static func value(_ match: RouteMatch<Int>) -> SessionValue {
        switch match {
        case .found(let rule, _, let parameters):
            .tuple([
                .string("found"), .int(rule), .list(parameters.map { .tuple([.string($0.name), .string($0.value)]) }),
            ])
        case .automaticOptions: .tuple([.string("options")])
        case .redirect(let path): .tuple([.string("redirect"), .string(path)])
        case .methodNotAllowed(let allowed): .tuple([.string("not allowed"), .list(allowed.map(SessionValue.string))])
        case .notFound: .tuple([.string("not found")])
        }
    }

    /// A rule, and names and values in turn.
    static func url(_ test: DifferentialCase) throws -> String? {
        var table = RouteTable<Int>()
        try table.add(RoutePattern(try test.text(0)), name: "page", methods: ["GET"], value: 0)
        let values = try stride(from: 1, to: test.parts.count, by: 2).map { index in
            (try test.text(index), URLValue(try test.text(index + 1)))
        }
        let url = try? table.urls.url(
            for: "page", values: values, base: URLBase(scheme: "http", host: "localhost"))
        return url.map { SessionValue.string($0).canonicalText }
    }
}
