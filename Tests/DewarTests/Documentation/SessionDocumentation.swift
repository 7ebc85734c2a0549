// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dewar

/// README: what a session is.
extension SessionKey where Value == [String: Int] {
    static let cart = SessionKey("cart")
}

/// README: what a session is.
func sessionDocumentation(_ session: Session) -> Int? {
    session["username"] = "admin"
    let visits: Int? = session["visits"]
    session["list", default: [String]()].append("x")
    session.update("visits", default: 0) { $0 += 1 }
    session[.cart, default: [:]]["apple", default: 0] += 1
    session.isPermanent = true
    session.pop("username")
    return visits
}
