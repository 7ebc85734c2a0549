// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dewar

/// docs/REVOCATION.md
func revocationDocumentation(store: any SessionStore) -> SessionConfiguration {
    var configuration = SessionConfiguration.standard
    configuration.revocations = .shared(in: store, staleness: .seconds(10))
    return configuration
}
