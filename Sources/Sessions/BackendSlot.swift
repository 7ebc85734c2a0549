// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Synchronization

/// The one place where a manager and its copies hold their backend, so that new keys reach all of them at once.
///
/// A request takes the backend twice, to open its session and to commit it, and goes on with the one that it took.
final class BackendSlot: Sendable {
    private let content = Mutex<(backend: any SessionBackend, keys: SecretKeys?)>((UnavailableBackend(), nil))

    var backend: any SessionBackend {
        get { self.content.withLock { $0.backend } }
        set { self.content.withLock { $0.backend = newValue } }
    }

    /// The keys that the backend has.
    var keys: SecretKeys? {
        get { self.content.withLock { $0.keys } }
        set { self.content.withLock { $0.keys = newValue } }
    }

    /// Goes on under other keys; when that cannot be, everything stays as it is.
    func rekey(_ keys: SecretKeys) throws(SessionError) {
        try self.content.withLock { (content) throws(SessionError) in
            content = (try content.backend.rekeyed(keys), keys)
        }
    }
}
