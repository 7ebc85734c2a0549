// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

extension Request {
    /// The page of this site that the visitor came from, for the way back after a sign-in: the value of `next` in the
    /// query, as ``App/signInRoute`` puts it there.
    ///
    /// ```swift
    /// app.post("/login") { request in
    ///     request.session.signIn(as: "ada")
    ///     return redirect(request.next ?? app.url(for: "index"))
    /// }
    /// ```
    ///
    /// It is nil when there is none, and for whatever could lead to another site (an open redirect, CWE-601): it is a
    /// path, begins with one slash, and consists of visible ASCII without `\`. A form without an `action` sends the
    /// query along.
    public var next: String? {
        guard let target = self.query.get("next"), LocalPath.accepts(target) else { return nil }
        return target
    }
}
