// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions
import Testing

@Suite struct SetCookieValidationTests {
    private func problem(_ cookie: SetCookie) -> SetCookieError.Kind? {
        do throws(SetCookieError) {
            try cookie.validate()
            return nil
        } catch {
            return error.kind
        }
    }

    @Test(arguments: [
        SetCookie(name: "session", value: "x"), SetCookie(name: "session", value: "a\r\n\"é\" ;,"),
        SetCookie(name: "!#$%&'*+-.^_`|~09azAZ", value: ""), SetCookie(name: "__Host-id", value: "x", isSecure: true),
        SetCookie(name: "__Secure-id", value: "x", domain: "example.com", isSecure: true, path: "/p"),
        SetCookie(name: "__Http-id", value: "x", domain: "example.com", isSecure: true, isHTTPOnly: true, path: nil),
        SetCookie(name: "__Host-Http-id", value: "x", isSecure: true, isHTTPOnly: true),
        SetCookie(name: "a", value: "x", isSecure: true, sameSite: .crossSite, isPartitioned: true),
        SetCookie(name: "a", value: "x", domain: ""), SetCookie(name: "a", value: "x", domain: ".Bücher.example:80"),
        SetCookie(name: "__Hostess", value: "x"),
        SetCookie(name: "a", value: "x", path: String(repeating: "/", count: 1024)),
        SetCookie.deletion(of: SetCookie(name: "__Host-id", value: "x", isSecure: true)),
    ])
    func goodCookiesPass(cookie: SetCookie) throws {
        try cookie.validate()
    }

    @Test(arguments: ["", "a b", "a;b", "a=b", "a,b", "é", "a\r\n", "\"a\"", "a\0", "(a)", "a/b", "a@b", "{a}"])
    func namesMustBeTokens(name: String) {
        #expect(self.problem(SetCookie(name: name, value: "")) == .invalidName)
    }

    @Test(arguments: [
        ("__Host-id", "__Host-"), ("__host-id", "__Host-"), ("__HOST-", "__Host-"), ("__Secure-id", "__Secure-"),
        ("__sECURE-id", "__Secure-"), ("__Http-id", "__Http-"), ("__HOST-HTTP-id", "__Host-Http-"),
    ])
    func prefixesNeedSecureInAnyLetterCase(name: String, prefix: String) {
        let cookie = SetCookie(name: name, value: "", isHTTPOnly: true)
        #expect(self.problem(cookie) == .prefixNeedsSecure(prefix: prefix))
    }

    @Test(arguments: [("__Http-id", "__Http-"), ("__host-http-id", "__Host-Http-")])
    func httpPrefixesNeedHTTPOnly(name: String, prefix: String) {
        let cookie = SetCookie(name: name, value: "", isSecure: true)
        #expect(self.problem(cookie) == .prefixNeedsHTTPOnly(prefix: prefix))
    }

    @Test(arguments: [("__Host-id", "__Host-"), ("__Host-Http-id", "__Host-Http-")])
    func hostPrefixesNeedTheRootPathAndNoDomain(name: String, prefix: String) {
        var cookie = SetCookie(name: name, value: "", domain: "example.com", isSecure: true, isHTTPOnly: true)
        #expect(self.problem(cookie) == .prefixForbidsDomain(prefix: prefix))
        cookie.domain = ""
        #expect(self.problem(cookie) == .prefixForbidsDomain(prefix: prefix))
        cookie.domain = nil
        for path in [nil, "", "/app", "//"] {
            cookie.path = path
            #expect(self.problem(cookie) == .prefixNeedsRootPath(prefix: prefix))
        }
    }

    @Test func sameSiteNoneAndPartitionedNeedSecure() {
        let open = SetCookie(name: "a", value: "", sameSite: .crossSite)
        let partitioned = SetCookie(name: "a", value: "", isPartitioned: true)
        #expect(self.problem(open) == .sameSiteNoneNeedsSecure)
        #expect(self.problem(partitioned) == .partitionedNeedsSecure)
    }

    @Test(arguments: [
        "a..b", ".a..b", "a b", "*.example.com", "a;b", "[::1]", "ü；b", String(repeating: "a", count: 64) + ".com",
        "ü." + String(repeating: "ü", count: 60), "https://example.com", "https:example.com", "example.com/",
        "//example.com", "example.com:80/path", "user@example.com", "example.com:port",
        ".", ":80",
    ])
    func domainsMustBeHostNames(domain: String) {
        #expect(self.problem(SetCookie(name: "a", value: "", domain: domain)) == .invalidDomain)
    }

    @Test(arguments: ["example.com.", ".example.com.", "com.", "localhost.", "Bücher.example.", "example.com.:80"])
    func aDomainMustNotEndInADot(domain: String) {
        #expect(self.problem(SetCookie(name: "a", value: "", domain: domain)) == .domainEndsInDot)
    }

    @Test(arguments: ["com", ".com", "COM", "intranet", "xn--p1ai", "рф", "com:80", "https:"])
    func aDomainMustBeMoreThanOneWord(domain: String) {
        #expect(self.problem(SetCookie(name: "a", value: "", domain: domain)) == .domainIsTopLevel)
    }

    @Test(arguments: ["example.com", "a.b", "localhost", ".localhost", "LOCALHOST:5000", "127.0.0.1", "my_host.lan"])
    func aDomainOfASiteIsTaken(domain: String) throws {
        try SetCookie(name: "a", value: "", domain: domain).validate()
    }

    @Test(arguments: ["", "app", "app/", "./app", "https://example.com/app", "%2Fapp", " /app"])
    func aPathMustBeginWithASlash(path: String) {
        #expect(self.problem(SetCookie(name: "a", value: "", path: path)) == .pathWithoutSlash)
    }

    @Test func attributesAreLimitedTo1024BytesAsWritten() {
        let path = "/" + String(repeating: "é", count: 171)
        let domain = Array(repeating: "abcdefgh", count: 114).joined(separator: ".")
        #expect(
            self.problem(SetCookie(name: "a", value: "", domain: domain, path: path))
                == .attributeTooLong(attribute: "Domain", bytes: 1025))
        #expect(
            self.problem(SetCookie(name: "a", value: "", path: path))
                == .attributeTooLong(attribute: "Path", bytes: 1027))
    }

    @Test func nameAndValueAreLimitedTo4096BytesAsWritten() {
        #expect(self.problem(SetCookie(name: "name", value: String(repeating: "a", count: 4092))) == nil)
        #expect(
            self.problem(SetCookie(name: "name", value: String(repeating: "a", count: 4093))) == .tooLong(bytes: 4097))
        // Each is written as four bytes, in quotes.
        #expect(
            self.problem(SetCookie(name: "name", value: String(repeating: ";", count: 1023))) == .tooLong(bytes: 4098))
    }

    @Test func controlCharactersAreRefused() {
        let path = SetCookie(name: "a", value: "", path: "/\r\n")
        let domain = SetCookie(name: "a", value: "", domain: "a\u{7F}b")
        #expect(self.problem(path) == .controlCharacter(attribute: "Path"))
        #expect(self.problem(domain) == .controlCharacter(attribute: "Domain"))
        #expect(self.problem(SetCookie(name: "a", value: "\u{1B}[0m")) == .controlCharacterInValue)
    }

    @Test(arguments: [Int.min, Int.max, 253_402_300_800])
    func expiriesMustHaveAYearOfFourDigits(expires: Int) {
        #expect(self.problem(SetCookie(name: "a", value: "", expires: expires)) == .expiresOutOfRange)
    }

    @Test func theMessageNamesTheCookieAndTheRemedyButNotTheValue() {
        let error = #expect(throws: SetCookieError.self) {
            try SetCookie(name: "__Host-id", value: "secret").validate()
        }
        #expect(
            error?.description == "Cookie \"__Host-id\": names that start with __Host- need Secure; switch it on, or "
                + "take the prefix off the name.")
        let injected = #expect(throws: SetCookieError.self) { try SetCookie(name: "a\nb", value: "secret").validate() }
        #expect(injected?.description.contains("\n") == false)
        #expect(injected?.description.contains("secret") == false)
    }
}
