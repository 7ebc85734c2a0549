// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dewar

/// Sources: Dewar/Response/ContentSecurityPolicy.swift
func policyComment(app: App) {
    app.contentSecurityPolicy = .strict
    app.contentSecurityPolicy = "default-src 'self'; script-src 'self' 'nonce'; img-src *"
}

/// Sources: Dewar/Response/ContentSecurityPolicy.swift
func nonceComment(app: App) {
    app.get("/") { request in
        "<script \(nonce: request)>document.title = 'Shop'</script>"
    }
}

/// Sources: Dewar/Request/Request+Nonce.swift
func scriptComment(app: App) {
    app.get("/clock") { request in
        "<time></time><script src='/static/clock.js' \(nonce: request)></script>"
    }
}

/// README: docs/SERVER.md, a policy for scripts and styles
func policyDocumentation(app: App) {
    app.contentSecurityPolicy = .strict
    app.get("/") { request in
        "<h1>Shop</h1><script src='/static/shop.js' \(nonce: request)></script>"
    }
}

/// README: docs/SERVER.md, compression
/// Sources: Dewar/Response/Compression.swift
/// Sources: Dewar/App/App.swift
func compressionDocumentation(app: App) {
    app.compression = .gzip
}
