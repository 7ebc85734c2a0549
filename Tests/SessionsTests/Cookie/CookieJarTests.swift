// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions
import SessionsTesting
import Testing

@Suite struct CookieJarTests {
    struct Step: Sendable {
        var line: String
        var from: (host: String, path: String)
        var to: (host: String, path: String)
        var header: String?

        init(_ line: String, _ from: (String, String), _ to: (String, String), _ header: String?) {
            (self.line, self.from, self.to, self.header) = (line, from, to, header)
        }
    }

    /// Frozen from Werkzeug 3.1.8's test client.
    @Test(arguments: [
        Step("a=1; Path=/", ("x.test", "/"), ("x.test", "/any"), "a=1"),
        Step("a=1; Path=/app", ("x.test", "/"), ("x.test", "/app"), "a=1"),
        Step("a=1; Path=/app", ("x.test", "/"), ("x.test", "/app/x"), "a=1"),
        Step("a=1; Path=/app", ("x.test", "/"), ("x.test", "/apple"), nil),
        Step("a=1; Path=/app/", ("x.test", "/"), ("x.test", "/app"), nil),
        Step("a=1; Path=/app/", ("x.test", "/"), ("x.test", "/app/x"), "a=1"),
        Step("a=1", ("x.test", "/one/two"), ("x.test", "/one"), "a=1"),
        Step("a=1", ("x.test", "/one/two"), ("x.test", "/one/three"), "a=1"),
        Step("a=1", ("x.test", "/one/two"), ("x.test", "/"), nil),
        Step("a=1", ("x.test", "/one"), ("x.test", "/two"), "a=1"),
        Step("a=1; Path=/", ("x.test", "/"), ("y.test", "/"), nil),
        Step("a=1; Path=/", ("x.test", "/"), ("w.x.test", "/"), nil),
        Step("a=1; Domain=x.test; Path=/", ("x.test", "/"), ("w.x.test", "/"), "a=1"),
        Step("a=1; Domain=x.test; Path=/", ("w.x.test", "/"), ("x.test", "/"), "a=1"),
        Step("a=1; Domain=x.test; Path=/", ("x.test", "/"), ("wx.test", "/"), nil),
        Step("a=1; Domain=; Path=/", ("x.test", "/"), ("w.x.test", "/"), "a=1"),
        Step("a=\"b c\"; Path=/", ("x.test", "/"), ("x.test", "/"), "a=\"b c\""),
        Step("a; Path=/", ("x.test", "/"), ("x.test", "/"), "a="),
        Step(" a = b ; path = / ; SECURE", ("x.test", "/"), ("x.test", "/"), "a=b"),
        Step("a=b=c; Path=", ("x.test", "/"), ("x.test", "/"), "a=b=c"),
        Step("=b; Path=/", ("x.test", "/"), ("x.test", "/"), nil),
    ])
    func cookiesGoWhereWerkzeugSendsThem(step: Step) {
        var jar = CookieJar()
        jar.store(step.line, host: step.from.host, path: step.from.path)
        #expect(jar.header(host: step.to.host, path: step.to.path) == step.header)
    }

    @Test(
        arguments: [
            ("a=; Max-Age=0", nil), ("a=; Expires=Thu, 01 Jan 1970 00:00:00 GMT", nil), ("a=2; Max-Age=", nil),
            ("a=2; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=5", nil), ("a=2; Max-Age=-1", nil),
            ("a=2; Expires=Thu, 01 Jan 1970 00:00:01 GMT", "a=2"), ("a=2; Max-Age=1", "a=2"),
            ("a=2; Max-Age=0; Path=/other", "a=1"), ("a=2; Max-Age=soon", "a=2"), ("a=2; Expires=never", "a=2"),
        ] as [(String, String?)])
    func expiredLinesRemoveTheCookie(line: String, header: String?) {
        var jar = CookieJar()
        jar.store("a=1; Path=/")
        jar.store(line)
        #expect(jar.header() == header)
    }

    @Test(
        arguments: [
            ("a=2; Expires=Tue, 14 Nov 2023 22:13:20 GMT", nil), ("a=2; Expires=Tue, 14 Nov 2023 22:13:21 GMT", "a=2"),
            ("a=2; Expires=Tue, 14 Nov 2023 22:13:20 GMT; Max-Age=9", "a=2"),
        ] as [(String, String?)])
    func pastExpiriesRemoveTheCookieWhenTheTimeIsKnown(line: String, header: String?) {
        var jar = CookieJar()
        jar.store("a=1")
        jar.store(line, now: 1_700_000_000)
        #expect(jar.header() == header)
    }

    @Test func hostsAreComparedWithoutPortAndLetterCase() {
        var jar = CookieJar()
        jar.store("a=1", host: "X.test:8080")
        jar.store("b=2; Domain=.X.Test", host: "x.test")
        jar.store("c=3", host: "[::1]:80")
        #expect(jar.header(host: "x.TEST:80") == "a=1; b=2")
        #expect(jar.header(host: "w.x.test") == "b=2")
        #expect(jar.header(host: "[::1]") == "c=3")
    }

    @Test func secureCookiesAreKeptBackOnlyOnDemand() {
        for honorsSecure in [false, true] {
            var jar = CookieJar(honorsSecure: honorsSecure)
            jar.store("a=1; Secure")
            #expect(jar.header(isSecure: true) == "a=1")
            #expect(jar.header(isSecure: false) == (honorsSecure ? nil : "a=1"))
        }
    }

    @Test func cookiesAreToldApartByDomainPathAndName() {
        var jar = CookieJar()
        jar.store("a=1; Path=/")
        jar.store("a=2; Path=/app")
        jar.store("a=3; Path=/", host: "other")
        jar.store("b=4; Path=/")
        jar.store("a=5; Path=/")
        #expect(jar.header(path: "/app") == "a=2; a=5; b=4")
        #expect(jar.names == ["a", "a", "a", "b"])
        #expect(jar["a"] == "5")
    }

    @Test func theLongestPathGoesFirstAndThenTheOldestCookie() {
        var jar = CookieJar()
        for (number, path) in ["/", "/app/x", "/app", "/", "/app/x", "/app"].enumerated() {
            jar.store("c\(number)=v; Path=\(path)")
        }
        #expect(jar.header(path: "/app/x/y") == "c1=v; c4=v; c2=v; c5=v; c0=v; c3=v")
        #expect(jar.header(path: "/") == "c0=v; c3=v")
    }

    @Test func valuesComeBackUnquoted() {
        var jar = CookieJar()
        jar.set(name: "a", value: "☃; \"x\"")
        jar.set(name: "b", value: "plain")
        #expect(jar["a"] == "☃; \"x\"")
        #expect(jar.header().map { CookieHeader([$0]).first("a") } == "☃; \"x\"")
        #expect(jar["b"] == "plain")
        #expect(jar["c"] == nil)
    }

    @Test func removingAllEmptiesTheJar() {
        var jar = CookieJar()
        jar.set(name: "a", value: "1")
        jar.removeAll()
        #expect(jar.header() == nil)
        #expect(jar.names.isEmpty)
    }
}
