// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

extension SessionConfiguration {
    /// The configuration with what `App` adds: cookies that can be revoked are.
    var withRevocations: SessionConfiguration {
        guard self.canRevokeCookies, self.revocations == nil else { return self }
        var configuration = self
        configuration.revocations = .memory
        return configuration
    }
}
