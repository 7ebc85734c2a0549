// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import HTTPTypes
import Logging
import Sessions

/// What stays the same of a request from its arrival to its answer. A request is copied on its way through hooks and
/// handler, and a class is one pointer.
final class RequestParts: Sendable {
    let method: HTTPRequest.Method
    /// Percent-decoded, without the query.
    let path: String
    let headers: HTTPFields
    let query: MultiDictionary
    let logger: Logger
    let visitor: VisitorAddress
    let lazySession: LazySession
    let sessionCookieName: String
    let base: URLBase
    let content: RequestContent
    /// Nil where no policy has a nonce.
    let nonce: PageNonce?

    init(
        method: HTTPRequest.Method, path: String, headers: HTTPFields, query: MultiDictionary, logger: Logger,
        visitor: VisitorAddress, lazySession: LazySession, sessionCookieName: String, base: URLBase,
        content: RequestContent, nonce: PageNonce?
    ) {
        self.method = method
        self.path = path
        self.headers = headers
        self.query = query
        self.logger = logger
        self.visitor = visitor
        self.lazySession = lazySession
        self.sessionCookieName = sessionCookieName
        self.base = base
        self.content = content
        self.nonce = nonce
    }
}
