// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Testing

@testable import Dewar

@Suite struct RouteTableTests {
    /// The match in one line: rule and parameters, or what else happens.
    private static func answer(_ rules: [String], _ path: String, method: String = "GET") throws -> String {
        var table = RouteTable<String>()
        for rule in rules { try table.add(RoutePattern(rule), name: rule, methods: ["GET", "PUT"], value: rule) }
        switch table.match(method: method, path: path) {
        case .found(let rule, let name, let parameters):
            #expect(rule == name)
            return ([rule] + parameters.map { "\($0.name)=\($0.value)" }).joined(separator: " ")
        case .automaticOptions(_, let allowed): return "options " + allowed.joined(separator: ",")
        case .redirect(let path): return "308 " + path
        case .methodNotAllowed(let allowed): return "405 " + allowed.joined(separator: ",")
        case .notFound: return "404"
        }
    }

    @Test(arguments: [
        ("/x/me", "/x/me"), ("/x/42", "/x/<int:a> a=42"), ("/x/4.50", "/x/<float:a> a=4.5"), ("/x/bob", "/x/<a> a=bob"),
        ("/x/a/b", "/x/<path:a> a=a/b"), ("/x/-1", "/x/<a> a=-1"), ("/x/007", "/x/<int:a> a=7"),
        ("/x/a%2Fb", "/x/<path:a> a=a/b"), ("/x/%E2%98%83", "/x/<a> a=☃"), ("/x/%FF", "/x/<a> a=\u{FFFD}"),
    ])
    func lighterRulesComeFirst(path: String, answer: String) throws {
        let rules = ["/x/<path:a>", "/x/<a>", "/x/<float:a>", "/x/<int:a>", "/x/me"]
        #expect(try Self.answer(rules, path) == answer)
    }

    @Test(arguments: [
        ("/a-<x>.html", "/a-b.html", "x=b"), ("/<x>-<y>", "/a-b-c", "x=a-b y=c"),
        ("/<path:x>-<y>", "/a-b-c", "x=a y=b-c"),
        ("/<int:x>a<int:y>", "/12a3", "x=12 y=3"), ("/<path:x>/edit", "/a/b/edit", "x=a/b"),
        ("/<path:x>/", "/a/b/", "x=a/b"),
        ("/<uuid:x>", "/0F1A2B3C-1111-2222-3333-aaaabbbbcccc", "x=0f1a2b3c-1111-2222-3333-aaaabbbbcccc"),
        ("/<any(a, ab):x>c", "/abc", "x=ab"), ("/<int:x>", "/%D9%A3", "x=3"),
        ("/<string(length=2):x>", "/%C3%A9e", "x=ée"),
    ])
    func variablesTakeWhatWerkzeugGivesThem(rule: String, path: String, parameters: String) throws {
        #expect(try Self.answer([rule], path) == rule + " " + parameters)
    }

    @Test(arguments: [
        ("/dir/", "/dir", "308 /dir/"), ("/users", "/users/", "404"), ("/a/b", "/a//b", "308 /a/b"),
        ("/dir/", "//dir", "308 /dir/"), ("/a/b", "/a%2Fb", "/a/b"), ("/a/b", "//a/b", "/a/b"), ("/", "", "308 /"),
        ("/<x>/", "/%C3%A9%20?", "308 /%C3%A9%20%3F/"), ("/<path:x>/", "/a/b", "308 /a/b/"), ("/é", "/e%CC%81", "404"),
        ("/<string(minlength=0):x>/", "//", "308 /"), ("/%41", "/%2541", "/%41"),
    ])
    func slashesAreStrict(rule: String, path: String, answer: String) throws {
        #expect(try Self.answer([rule], path) == answer)
    }

    @Test(arguments: [
        ("HEAD", "/a", "/a"), ("head", "/a", "/a"), ("POST", "/a", "405 GET,HEAD,OPTIONS,PUT"), ("POST", "/dir", "404"),
        ("OPTIONS", "/a", "options GET,HEAD,OPTIONS,PUT"), ("POST", "/b//c", "405 GET,HEAD,OPTIONS,PUT"),
    ])
    func methodsAreLookedAtAfterThePath(method: String, path: String, answer: String) throws {
        #expect(try Self.answer(["/a", "/dir/", "/b/c"], path, method: method) == answer)
    }

    @Test func valueOutsideItsLimitsEndsTheSearch() throws {
        #expect(try Self.answer(["/<int(max=5):x>", "/<y>"], "/7") == "404")
        #expect(try Self.answer(["/<int(max=5):x>", "/<y>"], "/5") == "/<int(max=5):x> x=5")
        #expect(try Self.answer(["/<int(fixed_digits=3):x>"], "/0012") == "404")
        #expect(try Self.answer(["/<int(max=5):x>"], "/99999999999999999999") == "404")
    }

    @Test func oneNameHasSeveralRulesButNoneTwice() throws {
        var table = RouteTable<Int>()
        try table.add(RoutePattern("/a"), name: "x", methods: ["GET"], value: 1)
        try table.add(RoutePattern("/b"), name: "x", methods: ["GET"], value: 2)
        try table.add(RoutePattern("/a"), name: "x", methods: ["post"], value: 3)
        for methods in [["GET"], ["PUT", "get"], ["POST"]] {
            let error = #expect(throws: RouteError.self) {
                try table.add(RoutePattern("/a"), name: "x", methods: methods, value: 4)
            }
            #expect(error?.kind == .duplicateRule)
        }
        #expect(table.allowedMethods(path: "/a") == ["GET", "HEAD", "OPTIONS", "POST"])
        #expect(table.serves(Array("/b".utf8), as: "x"))
        #expect(!table.serves(Array("/b".utf8), as: "y"))
    }

    @Test func listedOptionsAreNotAutomatic() throws {
        var table = RouteTable<Int>()
        try table.add(RoutePattern("/a"), name: "x", methods: ["OPTIONS"], value: 1)
        guard case .found(1, name: "x", _) = table.match(method: "OPTIONS", path: "/a") else {
            Issue.record("OPTIONS is not passed on")
            return
        }
    }
}
