// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dewar

/// README: docs/DEPLOYMENT.md, hosts.
func trustedHostsDocumentation(key: SecretKey) -> App {
    let app = App(secretKey: key, trustedHosts: ["shop.example", ".cdn.shop.example"])
    return app
}

/// README: docs/DEPLOYMENT.md, what a proxy says.
func proxyFixDocumentation(key: SecretKey) -> App {
    let app = App(secretKey: key, trustedHosts: ["shop.example"], proxyFix: ProxyFix(xFor: 1, xProto: 1, xHost: 1))
    return app
}

/// README: docs/DEPLOYMENT.md, one base URL.
func baseURLDocumentation(key: SecretKey) -> (App, reset: String) {
    let app = App(secretKey: key, proxyFix: ProxyFix(xFor: 1, xProto: 0), baseURL: "https://shop.example/app")
    app.get("/reset/<token>", name: "reset") { _ in "" }
    let reset =
        app.url(for: "reset", ["token": "x"], isExternal: true)  // https://shop.example/app/reset/x
    return (app, reset)
}
