// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

extension Request {
    /// The page of this site to return to after a sign-in: the value of `next` in the query, as ``App/signInRoute``
    /// sets it.
    ///
    /// ```swift
    /// app.post("/login") { request in
    ///     request.session.signIn(as: "ada")
    ///     return redirect(request.next ?? app.url(for: "index"))
    /// }
    /// ```
    ///
    /// It is nil when the query has none, and when the value could lead to another site (an open redirect, CWE-601).
    /// Otherwise it is a path that begins with one slash and consists of visible ASCII without `\`. A form without an
    /// `action` keeps the query.
    public var next: String? {
        guard let target = self.query.get("next"), LocalPath.accepts(target) else { return nil }
        return target
    }
}
