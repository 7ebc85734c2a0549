// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import HummingbirdCore

extension Request {
    /// The page that was asked for, as the browser knows it: with the path under which a proxy has mounted the
    /// application.
    ///
    /// It begins with one slash, as the path that was routed does: what was sent may begin with `//host` or `/\host`, which
    /// a browser takes for another host in a link or a redirect.
    var pageLinks: PageLinks {
        PageLinks(page: self.base.prefix + RoutePath.encode(Array(self.path.utf8)))
    }
}

extension Response {
    /// The answer of a page of `SessionsPages`.
    init(_ page: PageResponse) {
        self.init(status: page.status, headers: page.headers, body: .bytes(page.body))
    }
}
