// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dewar
import ExampleOptions

/// What lies in the basket: how many of each product, from 1 to 999.
struct Basket: Codable, Sendable {
    private(set) var items: [String: Int] = [:]

    init() {}

    init(from decoder: any Decoder) throws {
        // A signature says who wrote a number, and not that it is a sensible one: a Flask page may have written it.
        let container = try decoder.container(keyedBy: CodingKeys.self)
        for (product, count) in try container.decode([String: Int].self, forKey: .items) { self[product] = count }
    }

    /// How many there are of a product.
    subscript(product: String) -> Int {
        get { self.items[product] ?? 0 }
        set { self.items[product] = newValue > 0 ? min(newValue, 999) : nil }
    }
}

extension SessionKey where Value == Basket {
    static let basket = SessionKey("basket")
}

let prices = ["apple": 30, "bread": 350, "cheese": 720]

func money(_ cents: Int) -> String {
    "\(cents / 100).\(cents % 100 < 10 ? "0" : "")\(cents % 100)"
}

let options = ExampleOptions.fromCommandLine()
let app = App(
    secretKey: options.key(or: "any random string"), keyFile: options.keyFile, sessions: options.sessions)

app.get("/", name: "index") { request in
    let basket = request.session[.basket, default: Basket()]
    let messages = request.session.flashedMessages().map { HTML("<p role=\"status\"><em>\($0.message)</em></p>") }
    let shelf = prices.sorted { $0.key < $1.key }.map { product, price in
        HTML(
            """
            <form method="post" action="\(app.url(for: "add"))">
            \(product) \(money(price))
            <button name="product" value="\(product)" aria-label="Add \(product)">Add</button>
            </form>
            """)
    }
    let lines = basket.items.sorted { $0.key < $1.key }.map { product, count in
        HTML(
            """
            <form method="post" action="\(app.url(for: "change", ["product": .string(product)]))">
            <label>\(product) <input name="count" value="\(count)" size="3" inputmode="numeric"></label>
            <button aria-label="Change \(product)">Change</button>
            <button formaction="\(app.url(for: "remove", ["product": .string(product)]))"
            aria-label="Remove \(product)">Remove</button>
            </form>
            """)
    }
    let total = basket.items.reduce(0) { $0 + (prices[$1.key] ?? 0) * $1.value }
    return """
        <!doctype html>
        <html lang="en">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>Shop</title>
        <style>body { font: 1.1em/1.6 system-ui; margin: 1em } button, input { font: inherit }</style>
        <main>
        <h1>Shop</h1>
        \(messages)
        <h2>Shelf</h2>
        \(shelf)
        <h2>Basket</h2>
        \(lines)
        <p>Total: \(money(total))</p>
        <form method="post" action="\(app.url(for: "buy"))"><button>Buy</button></form>
        </main>
        """
}

app.post("/add", name: "add") { request in
    let product = try await request.form["product"]
    guard prices[product] != nil else { try abort(404) }
    request.session.update(.basket, default: Basket()) { $0[product] += 1 }
    return redirect(app.url(for: "index"))
}

app.post("/change/<product>", name: "change") { request in
    let product = try request.parameters["product"]
    guard prices[product] != nil else { try abort(404) }
    guard let count = try await request.form.get("count", as: Int.self), (0...999).contains(count) else {
        try abort(400)
    }
    request.session.update(.basket, default: Basket()) { $0[product] = count }
    return redirect(app.url(for: "index"))
}

app.post("/remove/<product>", name: "remove") { request in
    let product = try request.parameters["product"]
    request.session.update(.basket, default: Basket()) { $0[product] = 0 }
    return redirect(app.url(for: "index"))
}

app.post("/buy", name: "buy") { request in
    // Buying empties the basket.
    guard let basket = request.session[.basket], !basket.items.isEmpty else {
        request.session.flash("The basket is empty.")
        return redirect(app.url(for: "index"))
    }
    request.session.pop("basket")
    request.session.flash("Thank you for buying \(basket.items.values.reduce(0, +)) things.")
    return redirect(app.url(for: "index"))
}

try await options.run(app)
