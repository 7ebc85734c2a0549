// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

extension SessionConfiguration {
    /// The configuration with what `App` adds: sealed cookies that live nowhere else can be revoked.
    var withRevocations: SessionConfiguration {
        guard self.format == .sealed, self.store == nil, self.flaskSession == nil, self.revocations == nil else {
            return self
        }
        var configuration = self
        configuration.revocations = .memory
        return configuration
    }
}
