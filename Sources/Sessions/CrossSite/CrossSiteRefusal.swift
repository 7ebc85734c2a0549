// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// Why the origin of a request did not refuse it.
public enum CrossSiteVerdict: Hashable, Sendable {
    /// Its method is GET, HEAD or OPTIONS, which change nothing; or it is a WebSocket handshake, and not from another
    /// site.
    case safe
    /// Its path is exempt, or nothing is checked.
    case exempt
    /// It comes from this site, or the visitor typed the address or opened a bookmark.
    case sameOrigin
    /// It comes from an origin that the policy trusts.
    case trusted
    /// It does not say where it comes from: a program sent it, or an old browser.
    case unproven
    /// Its browser hides the origin (`Origin: null`): whatever the policy's rule, it must carry a token of the session.
    case opaqueOrigin
}

/// Why a request was refused: another site may have made the visitor's browser send it.
///
/// The text is for the visitor, and contains nothing of the request. The status of the answer is 403.
public struct CrossSiteRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kind of refusal.
    ///
    /// Later versions may add kinds, so that a `switch` over them needs a `default`.
    public struct Kind: Hashable, Sendable, CustomStringConvertible {
        enum Value: String, Hashable, Sendable {
            case fetchSite, origin, missingToken, wrongToken
        }

        let value: Value

        /// `Sec-Fetch-Site` says that another site, or another origin of this site, sent it.
        public static let fetchSite = Kind(value: .fetchSite)
        /// There is no `Sec-Fetch-Site`, and `Origin` is not the host that the request was sent to.
        public static let origin = Kind(value: .origin)
        /// It needed a token, and carries none.
        public static let missingToken = Kind(value: .missingToken)
        /// Its token does not belong to this session, or no longer does.
        public static let wrongToken = Kind(value: .wrongToken)

        /// The name of the kind.
        public var description: String { self.value.rawValue }
    }

    /// The kind of refusal.
    public let kind: Kind

    init(_ kind: Kind) {
        self.kind = kind
    }

    /// The reason in sentences for the visitor, with nothing of the request.
    public var description: String {
        switch self.kind.value {
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
