// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

// What the fields of a request say of a session is the same with every server.
@_exported public import SessionsHTTP
