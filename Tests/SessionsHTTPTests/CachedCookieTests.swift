// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import HTTPTypes
import Sessions
import SessionsHTTP
import Testing

/// What a response that sends the session's cookie says to caches, beside what its handler has said to them.
@Suite struct CachedCookieTests {
    private static func caching(_ lines: [String], _ headers: SessionHeaders, expires: String? = nil) -> [String] {
        var fields = HTTPFields()
        fields[values: .cacheControl] = lines
        fields[.expires] = expires
        headers.apply(to: &fields)
        return fields[values: .cacheControl]
    }

    @Test(arguments: [
        ["public"], ["public, max-age=31536000, immutable"], ["private, max-age=31536000, immutable"],
        ["max-age=60"], ["s-maxage=60"], ["private, s-maxage=60"], ["no-cache, public"], ["PUBLIC , Max-Age=3600"],
        ["max-age=60", "public"], ["private=\"x-a\", max-age=60"], ["must-revalidate,max-age=60"],
    ])
    func whatACacheMayUseAgainIsAskedForAgain(lines: [String]) {
        #expect(Self.caching(lines, SessionHeaders(setCookie: "a=b")) == ["private, no-cache"])
        // Without a cookie the handler's word stands.
        #expect(Self.caching(lines, SessionHeaders(variesOnCookie: true)) == lines)
    }

    @Test(arguments: [
        [], ["no-cache"], ["no-cache, max-age=0"], ["private, max-age=60"], ["no-store"], ["no-store, public"],
        ["no-transform"], ["must-revalidate"], ["publicly"],
    ])
    func whatNoOtherVisitorCouldGetIsLeftAsItIs(lines: [String]) {
        #expect(Self.caching(lines, SessionHeaders(setCookie: "a=b", variesOnCookie: true)) == lines)
    }

    @Test func anAgeInAnotherFieldCountsToo() {
        let date = "Thu, 31 Dec 2099 00:00:00 GMT"
        let cookie = SessionHeaders(setCookie: "a=b")
        #expect(Self.caching([], cookie, expires: date) == ["private, no-cache"])
        #expect(Self.caching(["no-cache"], cookie, expires: date) == ["no-cache"])
        #expect(Self.caching([], SessionHeaders(), expires: date) == [])
    }

    /// RFC 9111, section 4.2.2, and RFC 9213.
    @Test func noCacheGuessesHowLongItIsGoodAndNoNetworkIsToldOtherwise() {
        var fields = HTTPFields()
        fields[.lastModified] = "Thu, 31 Dec 2020 00:00:00 GMT"
        fields[Self.networks] = "max-age=600"
        SessionHeaders().apply(to: &fields)
        #expect(fields[.cacheControl] == nil && fields[Self.networks] != nil)
        SessionHeaders(setCookie: "a=b").apply(to: &fields)
        #expect(fields[.cacheControl] == "private, no-cache")
        #expect(fields[Self.networks] == nil)
    }

    private static let networks = HTTPField.Name(parsed: "cdn-cache-control") ?? .cacheControl

    @Test func whatForbidsCachingForbidsItAllTheSame() {
        for lines in [[], ["public, max-age=60"], ["private"]] {
            let headers = SessionHeaders(setCookie: "a=b", variesOnCookie: true, forbidsCaching: true)
            #expect(Self.caching(lines, headers) == ["no-store"])
        }
        #expect(Self.caching([], SessionHeaders(setCookie: "a=b", isForUser: true)) == ["no-store"])
        let forUser = SessionHeaders(setCookie: "a=b", isForUser: true)
        #expect(Self.caching(["public, max-age=60"], forUser) == ["private, no-cache"])
    }
}
