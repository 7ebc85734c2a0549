// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dewar

/// README: docs/CONFIGURATION.md.
func configurationDocumentation() async -> App {
    let app = await App(configurationFile: "config.json")
    return app
}
