// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// Which unsafe requests must carry the token of their session, ``Session/csrfToken``.
///
/// Browsers since 2023 say by themselves where a request comes from. The token is for those that do not: old ones, and
/// programs.
public enum CrossSiteTokenRule: Hashable, Sendable {
    /// None.
    case never
    /// Those that do not say where they come from, once their session has been given a token. A program that never asks
    /// for a page with a token in it needs none.
    case onceIssued
    /// Those that do not say where they come from, programs among them.
    case withoutProof
    /// All, except from trusted origins and to exempt paths.
    case always
}
