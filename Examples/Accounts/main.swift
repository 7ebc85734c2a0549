// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dewar
import ExampleOptions

let options = ExampleOptions.fromCommandLine()

// Every form carries a token, and a browser too old to say where a request comes from must send it, also to sign in.
let app = App(
    secretKey: options.key(or: "any random string"), keyFile: options.keyFile, sessions: options.sessions,
    crossSite: CrossSitePolicy(tokens: .withoutProof))

app.contentSecurityPolicy = .strict

addSignInPages(to: app)
addDevicePages(to: app)
addOperatorPages(to: app)
try await options.run(app)
