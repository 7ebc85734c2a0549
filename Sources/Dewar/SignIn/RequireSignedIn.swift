// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

/// A handler for those who are signed in (Flask-Login's `@login_required`).
///
/// ```swift
/// app.get("/settings", handler: requireSignedIn { request in
///     "The settings of \(request.session.user)"
/// })
/// ```
///
/// Others are sent to ``App/signInRoute``, or answered with 401. Within a handler the same is
/// `let user = try request.session.requireSignedIn()`.
public func requireSignedIn(_ handler: @escaping App.Handler) -> App.Handler {
    { request in
        try request.session.requireSignedIn()
        return try await handler(request)
    }
}

/// A handler for those who have proved within some time who they are, at the sign-in or again since (Flask-Login's
/// `@fresh_login_required`): for changes of a password, and whatever else a visitor who walked away would regret.
///
/// ```swift
/// app.route("/password", methods: .get, .post, handler: requireFresh(within: .seconds(600)) { request in
///     "<form method=post>\(csrf: request) <input type=password name=new> <button>Change</button></form>"
/// })
/// ```
///
/// Others are sent to ``App/reauthenticationRoute``, or answered with 401. Within a handler the same is
/// `try request.session.requireFresh(within: .seconds(600))`.
public func requireFresh(within freshness: Duration, _ handler: @escaping App.Handler) -> App.Handler {
    { request in
        try request.session.requireFresh(within: freshness)
        return try await handler(request)
    }
}
