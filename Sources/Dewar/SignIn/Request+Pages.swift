// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import HummingbirdCore

extension Request {
    /// The page that was asked for, as the browser knows it: with the path under which a proxy has mounted the
    /// application.
    var pageLinks: PageLinks {
        let path = (self.content.request.head.path ?? "/").prefix { $0 != "?" }
        return PageLinks(page: self.base.prefix + path)
    }
}

extension Response {
    /// The answer of a page of `SessionsPages`.
    init(_ page: PageResponse) {
        self.init(status: page.status, headers: page.headers, body: .bytes(page.body))
    }
}
