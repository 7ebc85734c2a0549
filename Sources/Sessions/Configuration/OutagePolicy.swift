// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// What happens to a request while the session store is out of reach.
public enum OutagePolicy: Sendable, Hashable {
    /// The request fails with 503 Service Unavailable.
    case fail
    /// The visitor is anonymous: the session is empty, and a request that tries to change it fails with 503.
    case anonymous
}
