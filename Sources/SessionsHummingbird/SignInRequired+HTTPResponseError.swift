// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

package import HTTPTypes
public import Hummingbird
public import Sessions

/// A handler that lets it pass answers 401.
///
/// A 401 must carry a challenge (RFC 9110, 15.5.2), and no registered scheme stands for a cookie. This one is the
/// scheme of draft-broyer-http-cookie-auth, at which browsers ask for nothing and show the page. That the sign-in is
/// too old is said in the words of RFC 9470, section 3, so that a script can tell.
extension SignInRequired: HTTPResponseError {
    /// 401.
    public var status: HTTPResponse.Status { .unauthorized }

    /// An answer that says what is missing, and nothing of the visitor.
    public func response(from request: Request, context: some RequestContext) throws -> Response {
        try HTTPError(.unauthorized, headers: self.challenge, message: self.advice)
            .response(from: request, context: context)
    }

    /// What a response to the visitor must carry.
    package var challenge: HTTPFields {
        let scheme = "Cookie realm=\"session\""
        let isStale = self.kind == .notFresh
        return [
            .wwwAuthenticate: isStale ? "\(scheme), error=\"insufficient_user_authentication\"" : scheme,
            .cacheControl: "no-store",
        ]
    }

    /// A sentence for the visitor.
    package var advice: String {
        self.kind == .notFresh
            ? "Please sign in again: it is too long ago for what this page does." : "Please sign in first."
    }
}
