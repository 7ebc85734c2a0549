// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dewar

/// Sources: Dewar/App/Blueprint.swift
func adminPages() -> Blueprint {
    let admin = Blueprint("admin", urlPrefix: "/admin")
    admin.beforeRequest { request in
        try request.session.requireSignedIn()
        return nil
    }
    admin.get("/", name: "index") { request in
        "<a href='\(request.url(for: ".orders"))'>Orders</a>"
    }
    admin.get("/orders", name: "orders") { request in "No orders yet." }
    return admin
}

/// Sources: Dewar/App/Blueprint.swift
func blueprintDocumentation(_ app: App) -> String {
    app.register(adminPages())
    let url = app.url(for: "admin.index")  // /admin/
    return url
}

/// Sources: Dewar/App/Request+URL.swift
func requestURLComment(_ admin: Blueprint) {
    admin.post("/orders") { request in
        redirect(request.url(for: ".orders", ["page": 2]))  // /admin/orders?page=2
    }
}

/// README: docs/APPLICATIONS.md, blueprints.
func nestedBlueprintDocumentation(_ app: App) {
    let shop = Blueprint("shop", urlPrefix: "/shop")
    let cart = Blueprint("cart", urlPrefix: "/cart")
    cart.get("/", name: "index") { request in "The cart is empty." }
    shop.register(cart)
    shop.errorHandler(404) { request, error in
        Response("<h1>We do not sell that.</h1>", status: .notFound)
    }
    app.register(shop)  // /shop/cart/ is shop.cart.index
    app.register(shop, urlPrefix: "/outlet", name: "outlet")
}

/// Sources: Dewar/App/App+Debug.swift
func debugComment(_ app: App) {
    app.debug = true  // or DEWAR_DEBUG=1 in the environment
}

/// Sources: Dewar/App/App+Background.swift
func backgroundComment(_ app: App) {
    app.post("/sign-up") { request in
        let address = try await request.form["email"]
        try app.background { try await sendWelcome(to: address) }
        return redirect(app.url(for: "index"))
    }
}

private func sendWelcome(to address: String) async throws {}
