// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

/// A store that is open until the command ends.
struct OpenStore {
    let store: any ScannableSessionStore
    var close: @Sendable () async -> Void = {}
}
