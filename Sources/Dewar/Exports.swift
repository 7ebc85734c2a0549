// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

// `import Dewar` is all that an application needs: sessions, HTML, pages, and the methods and statuses of HTTP come
// with it.
@_exported public import HTTPTypes
@_exported public import Sessions
@_exported public import SessionsHTML
@_exported public import SessionsPages
@_exported public import SessionsSignIn
