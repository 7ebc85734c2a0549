// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

package import HTTPTypes
package import Sessions

/// A 401 must carry a challenge (RFC 9110, 15.5.2), and no registered scheme stands for a cookie. This one is the
/// scheme of draft-broyer-http-cookie-auth: browsers open no dialog for it and show the page. A sign-in that is too old
/// is reported with the error code of RFC 9470, section 3, so that a script can recognise it.
extension SignInRequired {
    /// The headers that the response must carry.
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
