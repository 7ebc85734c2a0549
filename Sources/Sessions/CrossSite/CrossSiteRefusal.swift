// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// Why a request was refused: another site may have made the visitor's browser send it.
///
/// The text is for the visitor, and contains nothing that the request sent. The status of the answer is 403.
public struct CrossSiteRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kind of refusal.
    public enum Reason: String, Hashable, Sendable {
        /// `Sec-Fetch-Site` says that it comes from elsewhere.
        case fetchSite
        /// There is no `Sec-Fetch-Site`, and `Origin` is not the host that the request was sent to.
        case origin
        /// It had to carry a token, and carries none.
        case missingToken
        /// Its token is not one of this session, or no longer.
        case wrongToken
    }

    /// The kind of refusal.
    public let reason: Reason

    init(_ reason: Reason) {
        self.reason = reason
    }

    /// Why, in sentences for the visitor; nothing that was sent.
    public var description: String {
        switch self.reason {
        case .fetchSite:
            "Nothing was done, because your browser says that another site sent this request (Sec-Fetch-Site)."
        case .origin:
            """
            Nothing was done, because this request was sent from another address than this site's (Origin and Host \
            differ), or by a browser that is out of date.
            """
        case .missingToken:
            "Nothing was done, because the form's token was not sent along. Reload the page and send it again."
        case .wrongToken:
            """
            Nothing was done, because the form's token is no longer good, as after signing in or out. Reload the page \
            and send it again.
            """
        }
    }
}
