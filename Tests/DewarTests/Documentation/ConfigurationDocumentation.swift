// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dewar

/// README: configuration.
func configurationDocumentation() async throws -> App {
    let app = try await App(configurationFile: "config.json")
    return app
}
