// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

/// A handler for signed-in visitors (Flask-Login's `@login_required`).
///
/// ```swift
/// app.get(
///     "/settings",
///     handler: requireSignedIn { request in
///         "The settings of \(request.session.user)"
///     })
/// ```
///
/// Other visitors are sent to ``App/signInRoute``, or answered with 401. Inside a handler, write
/// `let user = try request.session.requireSignedIn()` for the same.
public func requireSignedIn(_ handler: @escaping App.Handler) -> App.Handler {
    { request in
        try request.session.requireSignedIn()
        return try await handler(request)
    }
}

/// A handler for visitors who have proved within some time who they are, at the sign-in or again since (Flask-Login's
/// `@fresh_login_required`). Use it for a change of the password, and for anything else that another person must not do
/// at a device that the visitor has left.
///
/// ```swift
/// app.route(
///     "/password", methods: .get, .post,
///     handler: requireFresh(within: .seconds(600)) { request in
///         "<form method=post>\(csrf: request) <input type=password name=new> <button>Change</button></form>"
///     })
/// ```
///
/// A visitor whose sign-in is too old is sent to ``App/reauthenticationRoute``, any other to ``App/signInRoute``;
/// without a route, the answer is 401. Inside a handler, write
/// `try request.session.requireFresh(within: .seconds(600))` for the same.
public func requireFresh(within freshness: Duration, _ handler: @escaping App.Handler) -> App.Handler {
    { request in
        try request.session.requireFresh(within: freshness)
        return try await handler(request)
    }
}
