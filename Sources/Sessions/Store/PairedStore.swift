// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// A store whose sessions are on their way from one store to another. The operator's page shows the numbers of both.
package protocol PairedStore: SessionStore {
    /// The store from which they come.
    var oldStore: any SessionStore { get }
    /// The store to which they go.
    var newStore: any SessionStore { get }
}
