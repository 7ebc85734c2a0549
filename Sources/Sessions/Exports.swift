// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

// What a program sees that imports Sessions. The files of this module see it too, without an import of their own.
@_exported public import SessionsKeys
@_exported public import SessionsSupport
@_exported public import SessionsValues
