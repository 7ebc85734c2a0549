// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// Why a request was not refused by where it comes from.
public enum CrossSiteVerdict: Hashable, Sendable {
    /// Its method is GET, HEAD or OPTIONS, which change nothing; or it is a WebSocket handshake, and no other site's.
    case safe
    /// Its path is exempt, or nothing is checked.
    case exempt
    /// It comes from this very site, or from the visitor's own hand.
    case sameOrigin
    /// It comes from an origin that the policy trusts.
    case trusted
    /// It does not say where it comes from: a program, or an old browser.
    case unproven
    /// Its browser keeps the origin to itself (`Origin: null`): it must carry a token of the session, whatever the rule
    /// says of others.
    case opaqueOrigin
}

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
