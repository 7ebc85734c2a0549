// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Testing

@testable import Dewar

@Suite struct URLBuilderTests {
    private static func builder() throws -> URLBuilder {
        var table = RouteTable<Int>()
        let rules = [
            ("/", "index", "GET"), ("/users/<name>", "user", "GET"), ("/users/<name>/<int:page>", "user", "GET"),
            ("/f/<int(fixed_digits=4, signed=True):n>", "fixed", "GET"), ("/x/<float:x>", "float", "GET"),
            ("/p/<path:p>", "path", "GET"), ("/c/<any(red, blue):c>", "color", "GET"), ("/o/<uuid:u>", "object", "GET"),
            ("/m", "m", "GET"), ("/m-post", "m", "POST"), ("/post/<int:post>", "post", "GET"),
            ("/post/<any(first, last):post>", "post", "GET"),
        ]
        for (rule, name, method) in rules {
            try table.add(RoutePattern(rule), name: name, methods: [method], value: 0)
        }
        return table.urls
    }

    private static let base = URLBase(scheme: "http", host: "Example.com:80", prefix: "/app/")

    @Test(
        arguments: [
            ("index", [], "/app/"), ("user", [("name", "bob")], "/app/users/bob"),
            ("user", [("page", 2), ("name", "bob")], "/app/users/bob/2"),
            ("user", [("name", "a b/ü?"), ("q", "a b&+")], "/app/users/a%20b/%C3%BC%3F?q=a+b%26%2B"),
            ("index", [("a", [1, nil, "x"]), ("b", nil), ("c", true), ("a", 1.0)], "/app/?a=1&a=x&c=True&a=1.0"),
            ("index", [("a", [])], "/app/"), ("fixed", [("n", -7)], "/app/f/-007"),
            ("fixed", [("n", " 0_8 ")], "/app/f/0008"),
            ("float", [("x", 1)], "/app/x/1.0"), ("float", [("x", "1e16")], "/app/x/1e+16"),
            ("path", [("p", "//x")], "/app/p///x"),
            ("color", [("c", "red")], "/app/c/red"), (".index", [], "/app/"),
            ("index", [("\u{212A}", "kelvin")], "/app/?%E2%84%AA=kelvin"),
            ("post", [("post", 7)], "/app/post/7"), ("post", [("post", "last")], "/app/post/last"),
        ] as [(String, [(String, URLValue)], String)])
    func valuesGoIntoPathAndQuery(name: String, values: [(String, URLValue)], url: String) throws {
        #expect(try Self.builder().url(for: name, values: values, base: Self.base) == url)
    }

    @Test func externalURLsHaveSchemeAndHost() throws {
        let builder = try Self.builder()
        func url(_ scheme: String?, _ isExternal: Bool?) throws -> String {
            try builder.url(for: "index", anchor: "a b#%41", scheme: scheme, isExternal: isExternal, base: Self.base)
        }
        #expect(try url(nil, nil) == "/app/#a%20b#%41")
        #expect(try url(nil, true) == "http://example.com/app/#a%20b#%41")
        #expect(try url("https", nil) == "https://example.com/app/#a%20b#%41")
        #expect(try url("", nil) == "//example.com/app/#a%20b#%41")
        #expect(throws: RouteError.self) { try url("https", false) }
    }

    @Test func ruleThatAnswersTheMethodIsPreferred() throws {
        let builder = try Self.builder()
        let posting = URLBase(scheme: "https", host: "example.com", method: "POST")
        #expect(try builder.url(for: "m", base: Self.base) == "/app/m")
        #expect(try builder.url(for: "m", base: posting) == "/m-post")
        #expect(try builder.url(for: "m", method: "GET", base: posting) == "/m")
        #expect(try builder.url(for: "index", base: posting) == "/")
    }

    @Test(
        arguments: [
            ("usr", [], nil, RouteError.Kind.unknownName, "Did you mean \"user\""),
            ("", [], nil, .unknownName, "No route"),
            ("user", [("page", 1)], nil, .missingVariable, "\"name\""),
            ("user", [("name", nil)], nil, .missingVariable, "\"name\""),
            ("index", [], "PUT", .wrongMethod, "it answers GET, HEAD, OPTIONS"),
            ("fixed", [("n", "7a")], nil, .invalidValue, "a whole number, not \"7a\""),
            ("fixed", [("n", "")], nil, .invalidValue, "a whole number"),
            ("fixed", [("n", 1e300)], nil, .invalidValue, "a whole number"),
            ("float", [("x", "0x1p3")], nil, .invalidValue, "a number"),
            ("path", [("p", ["a"])], nil, .invalidValue, "an array"),
            ("path", [("p", "a"), ("p", "b")], nil, .invalidValue, "\"a\" and \"b\""),
            ("color", [("c", "green")], nil, .invalidValue, "one of \"red\", \"blue\""),
            ("object", [("u", "../x")], nil, .invalidValue, "a UUID"),
            ("post", [("post", "second")], nil, .invalidValue, "a whole number, not \"second\""),
            ("index", [("q", [["a"]])], nil, .invalidValue, "array inside"),
        ] as [(String, [(String, URLValue)], String?, RouteError.Kind, String)])
    func mistakesAreNamed(
        name: String, values: [(String, URLValue)], method: String?, code: RouteError.Kind, message: String
    ) throws {
        let builder = try Self.builder()
        let error = try #require(throws: RouteError.self) {
            try builder.url(for: name, values: values, method: method, base: Self.base)
        }
        #expect(error.kind == code)
        #expect(error.description.contains(message), "\(error)")
    }

    @Test func baseIsNormalized() {
        #expect(URLBase(scheme: "https", host: "A.example:443").host == "a.example")
        #expect(URLBase(scheme: "http", host: "a.example:443").host == "a.example:443")
        #expect(URLBase(scheme: "http", host: "bücher.example:8080").host == "xn--bcher-kva.example:8080")
    }
}
