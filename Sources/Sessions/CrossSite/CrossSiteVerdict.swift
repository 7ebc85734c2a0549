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
