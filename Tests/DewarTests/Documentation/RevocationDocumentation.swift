// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dewar

/// docs/REVOCATION.md
func revocationDocumentation(store: any SessionStore) -> SessionConfiguration {
    let configuration = SessionConfiguration(.cookies(revocations: .shared(in: store, staleness: .seconds(10))))
    return configuration
}
