// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import SessionsHTML
import SessionsSupport

/// What the browser gets while the app cannot answer: that it is being built, what the compiler found, or how it ended.
struct RunPage {
    private let status: String
    private let title: String
    private let note: String
    private let details: String?
    private let number: Int

    /// Nil while the app answers itself.
    init?(_ moment: AppStatus.Moment) {
        self.number = moment.number
        switch moment.phase {
        case .running: return nil
        case .building:
            (self.status, self.title) = ("503 Service Unavailable", "The app is being built")
            (self.note, self.details) = ("This page shows it as soon as it runs.", nil)
        case .failed(let text):
            (self.status, self.title) = ("500 Internal Server Error", "The app cannot be built")
            (self.note, self.details) = ("Change the source: this page then shows the app.", text)
        case .ended(let status, let output):
            (self.status, self.title) = ("500 Internal Server Error", "The app has ended")
            let how = status < 0 ? "It was ended by the signal \(-status)." : "Its exit status is \(status)."
            (self.note, self.details) = (how + " A change of the source starts it again.", output)
        }
    }

    /// The path under which the page asks when it is time to load again.
    static let waitPath = "/.dewar-run/wait"

    /// The number of the page that asks, if that is what is asked for.
    static func waitsFor(_ start: RequestStart) -> Int? {
        let beginning = waitPath + "?after="
        return start.target.hasPrefix(beginning) ? Int(start.target.dropFirst(beginning.count)) : nil
    }

    static let waitIsOver = Array(
        "HTTP/1.1 204 No Content\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n".utf8)

    /// The whole response.
    ///
    /// - Parameter isTold: Whether the client may read the details, which contain source lines.
    func response(to start: RequestStart, isTold: Bool) -> [UInt8] {
        let details = isTold ? self.details : self.details.map { _ in "The terminal has the reason." }
        let nonce = Hex.text(SessionRandom.system.bytes(16))
        let body =
            start.acceptsHTML
            ? Array(self.document(details, nonce: nonce, reloads: start.method == "GET").markup.utf8)
            : Array("\(self.title). \(self.note)\n\n\(details ?? "")\n".utf8)
        let head = [
            "HTTP/1.1 \(self.status)",
            "Content-Type: text/\(start.acceptsHTML ? "html" : "plain"); charset=utf-8",
            "Content-Length: \(body.count)",
            "Content-Security-Policy: default-src 'none'; connect-src 'self'; "
                + "style-src 'nonce-\(nonce)'; script-src 'nonce-\(nonce)'",
            "X-Content-Type-Options: nosniff", "Cache-Control: no-store", "Retry-After: 1", "Connection: close",
        ]
        return Array((head.joined(separator: "\r\n") + "\r\n\r\n").utf8) + (start.method == "HEAD" ? [] : body)
    }

    private func document(_ details: String?, nonce: String, reloads: Bool) -> HTML {
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>\(self.title)</title>
        \(reloads ? HTML("<noscript><meta http-equiv=\"refresh\" content=\"3\"></noscript>\n") : nil)<style nonce="\(nonce)">
        body { font: 1rem/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; }
        pre { font: 0.9rem/1.5 ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
        </style>
        </head>
        <body>
        <main>
        <h1>\(self.title)</h1>
        <p role="status">\(self.note)</p>
        \(details.map { HTML("<pre>\($0)</pre>\n") })</main>
        \(reloads ? self.script(nonce: nonce) : nil)</body>
        </html>

        """
    }

    /// Loads the page again when there is something else to show; the answer, whatever it is, says so.
    private func script(nonce: String) -> HTML {
        """
        <script nonce="\(nonce)">
        fetch("\(Self.waitPath)?after=\(self.number)").catch(() => new Promise(go => setTimeout(go, 1000)))
          .then(() => location.reload())
        </script>

        """
    }
}
