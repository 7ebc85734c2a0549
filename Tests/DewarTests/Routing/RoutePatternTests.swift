// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Testing

@testable import Dewar

@Suite struct RoutePatternTests {
    @Test func variablesKeepTheirOrder() throws {
        let pattern = try RoutePattern("/z/<int:b>/<a>-<path:c>")
        #expect(pattern.variables.map(\.name) == ["b", "a", "c"])
        #expect(pattern.staticPath == nil)
    }

    @Test func ruleWithoutVariablesHasOnePath() throws {
        #expect(try RoutePattern("//a///b/").staticPath == Array("/a/b/".utf8))
    }

    @Test(arguments: [
        ("", RouteError.Kind.invalidRule, "must start with a slash"),
        ("login", .invalidRule, "must start with a slash"),
        ("/<name", .invalidRule, "without its"),
        ("/a<", .invalidRule, "without its"),
        ("/<>", .invalidRule, "not written <name>"),
        ("/<1a>", .invalidRule, "not written <name>"),
        ("/<é>", .invalidRule, "not written <name>"),
        ("/<int:>", .invalidRule, "not written <name>"),
        ("/<int(1:x>", .invalidRule, "not written <name>"),
        ("/<number:x>", .unknownConverter, "\"number\""),
        ("/<x>/<int:x>", .repeatedVariable, "\"x\" twice"),
        ("/<path(1):x>", .invalidRule, "at most 0"),
        ("/<int(length=1):x>", .invalidRule, "no argument \"length\""),
        ("/<int(min=1, min=2):x>", .invalidRule, "twice"),
        ("/<int(min=a):x>", .invalidRule, "whole number"),
        ("/<int(fixed_digits=-1):x>", .invalidRule, "negative"),
        ("/<int(signed=yes):x>", .invalidRule, "True or False"),
        ("/<float(max=a):x>", .invalidRule, "a number"),
        ("/<string(minlength=3, maxlength=2):x>", .invalidRule, "greater"),
        ("/<any():x>", .invalidRule, "texts to match"),
        ("/<any(a,,b):x>", .invalidRule, "a word"),
        ("/<any(a-b):x>", .invalidRule, "a word"), ("/<any(-a):x>", .invalidRule, "a word"),
        ("/<any(\"a):x>", .invalidRule, "a word"),
    ])
    func malformedRuleSaysWhatIsWrong(rule: String, code: RouteError.Kind, message: String) throws {
        let error = try #require(throws: RouteError.self) { try RoutePattern(rule) }
        #expect(error.kind == code)
        #expect(error.description.contains(message), "\(error)")
    }

    @Test(arguments: [
        ("/<any(a, b,):x>", "/b"), ("/<any(\"a,b\", 'c)d'):x>", "/c)d"), ("/<any( a , b ):x>", "/a"), ("/a>b", "/a>b"),
        ("/<string(2):x>", "/ab"), ("/<string(minlength=1, maxlength=None):x>", "/abc"), ("/<float(1, 2):x>", "/1.5"),
        ("/<int(signed=True, min=-2):x>", "/-2"),
    ])
    func argumentsAreReadAsInPython(rule: String, path: String) throws {
        var table = RouteTable<Int>()
        try table.add(RoutePattern(rule), name: "x", methods: ["GET"], value: 1)
        guard case .found = table.match(method: "GET", path: path) else {
            Issue.record("\(rule) does not match \(path)")
            return
        }
    }
}
