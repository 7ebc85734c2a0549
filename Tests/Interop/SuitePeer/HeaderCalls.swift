// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dewar
import Sessions

/// What `werkzeug.http` has for cookies, dates and parameters of headers, and `werkzeug.urls` for redirects.
struct HeaderCalls {
    private let call: PeerCall

    init(_ call: PeerCall) {
        self.call = call
    }

    func result() throws -> TypedValue? {
        try self.value().map(TypedValue.init)
    }

    private func value() throws -> SessionValue? {
        switch self.call.operation {
        case "cookies": self.cookies(try self.call.bytes("value"))
        case "set_cookie": .string(try self.setCookie())
        case "format_date": HTTPDate.format(try self.call.integer("seconds")).map { .string($0) }
        case "parse_date": HTTPDate.parse(try self.call.text("value")).map { .int($0) }
        case "location": .string(LocationEncoding.encode(try self.call.text("value")))
        case "parameters": self.parameters(try self.call.text("value"))
        default: throw PeerFailure(code: "unknown_call", text: self.call.name)
        }
    }

    private func cookies(_ header: [UInt8]) -> SessionValue {
        .list(CookieHeader(bytes: header).pairs.map { .tuple([.string($0.name), .string($0.value)]) })
    }

    /// The field's value, once the cookie is one that `Response.setCookie` sends.
    private func setCookie() throws -> String {
        let cookie = SetCookie(
            name: try self.call.text("name"), value: try self.call.text("value"),
            domain: try self.call.optionalText("domain"), expires: try self.call.optionalInteger("expires"),
            maxAge: try self.call.optionalInteger("max_age"), isSecure: try self.call.flag("secure"),
            isHTTPOnly: try self.call.flag("httponly"), path: try self.call.optionalText("path"),
            sameSite: try self.call.sameSite(), isPartitioned: try self.call.flag("partitioned"))
        do {
            try cookie.validate()
        } catch {
            throw PeerFailure(code: "set_cookie", text: error.description)
        }
        return cookie.headerValue
    }

    private func parameters(_ header: String) -> SessionValue {
        let parameters = HeaderParameters(header)
        let entries = parameters.names.sorted().map { ($0, SessionValue.string(parameters[$0] ?? "")) }
        return .tuple([.string(parameters.value), .dictionary(SessionDictionary(entries))])
    }
}

extension PeerCall {
    /// The argument `samesite`.
    func sameSite() throws -> SameSite? {
        guard let text = try self.optionalText("samesite") else { return nil }
        guard let sameSite = SameSite(caseInsensitive: text) else {
            throw PeerFailure(code: "same_site", text: "SameSite is Strict, Lax or None")
        }
        return sameSite
    }
}
