// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

// A site's own part of a page is HTML, and its sessions are Sessions: both come with the pages.
@_exported public import Sessions
@_exported public import SessionsHTML
