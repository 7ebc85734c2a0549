// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dewar

/// README: configuration.
func configurationDocumentation() async -> App {
    let app = await App(configurationFile: "config.json")
    return app
}
