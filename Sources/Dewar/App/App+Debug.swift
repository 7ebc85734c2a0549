// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Configuration
import Logging
import NIOCore

extension App {
    /// Whether the pages of errors show what helps their developer: the error, the route and the source lines where the
    /// program adds it, where it called ``abort(_:_:file:filePath:line:)``, and the request without its secrets (Flask's
    /// `app.debug`).
    ///
    /// ```swift
    /// app.debug = true  // or DEWAR_DEBUG=1 in the environment
    /// ```
    ///
    /// Off unless it is set here, or by the environment variable `DEWAR_DEBUG`. It has an effect only while the server
    /// listens on a loopback address (127.0.0.1, ::1), without a ``ProxyFix``, and for requests to `localhost` or such
    /// an address that no proxy has passed on. The server says at the start whether it is on.
    ///
    /// An error that no handler for its type answers is then shown in place of `errorHandler(500)`, as in Flask, and an
    /// outage of the session store in place of `errorHandler(503)`. Where
    /// no route matches and there is no handler for 404, routes with a similar rule are listed.
    ///
    /// > Warning: The text of an error is shown as it is. Leave it off in production.
    public var debug: Bool {
        get { self.chosenDebug ?? Self.debugOfEnvironment }
        set { self.define { $0.debug = newValue } }
    }

    private static var debugOfEnvironment: Bool {
        ConfigReader(provider: EnvironmentVariablesProvider()).bool(forKey: "dewar.debug", default: false)
    }

    /// Turns the pages for developers on if that is wanted and safe, and says in the log what it did.
    func startDebugging(_ mode: DevelopmentMode, on listening: SocketAddress?) {
        guard self.debug else { return }
        if self.isBehindProxy {
            self.logger.warning("debug is off: the application is configured for a proxy, so other machines reach it")
        } else if mode.turnOn(for: listening) {
            self.logger.notice("debug is on: error pages show errors, routes and requests; never use it in production")
        } else {
            self.logger.warning("debug is off: the server does not listen on a loopback address alone")
        }
    }
}
