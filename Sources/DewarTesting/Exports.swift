// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

// A test of an application needs a clock that it can move, and the cookie jar: they come with the test client.
@_exported public import SessionsTesting
