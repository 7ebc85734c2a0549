// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

package import Sessions

/// The place in a request context where ``SessionMiddleware`` puts the session.
public struct SessionSlot: Sendable {
    package let session: LazySession?

    /// An empty slot.
    public init() {
        self.session = nil
    }

    init(_ session: LazySession) {
        self.session = session
    }
}
