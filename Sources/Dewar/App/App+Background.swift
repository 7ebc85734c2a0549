// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Logging

extension App {
    /// Does work behind the request, which the visitor does not wait for: a mail, a thumbnail, a message to another
    /// service (Quart's `add_background_task`).
    ///
    /// ```swift
    /// app.post("/sign-up") { request in
    ///     let address = try await request.form["email"]
    ///     try app.background { try await sendWelcome(to: address) }
    ///     return redirect(app.url(for: "index"))
    /// }
    /// ```
    ///
    /// Work of a request begins when the response is ready and the session is committed, even if the response became
    /// an error meanwhile, or was refused because the browser only prefetches. Its URLs are those of the request. Work
    /// that is given outside of a request begins at once.
    /// It runs beside requests and other work, and must take what it needs of the session before.
    ///
    /// An error that it throws is logged, with the line that gave the work. A server that stops finishes its work first,
    /// within ``ServerLimits/shutdownTimeout``; after that it is cancelled, and the log says so. Work that gives itself
    /// anew keeps the server until then. It is lost if the process is killed: what must happen belongs in a queue of its
    /// own.
    ///
    /// - Parameters:
    ///   - file: The file that gives the work, for the log.
    ///   - line: The line that gives the work, for the log.
    ///   - work: The work.
    /// - Throws: ``AppError`` when there is as much work as ``ServerLimits/maximumBackgroundWork`` allows, or after the
    ///   server has stopped; a request that throws it is answered with 503.
    public func background(
        file: String = #fileID, line: Int = #line, _ work: @escaping @Sendable () async throws -> Void
    ) throws(AppError) {
        let place = SourcePlace(file: file, line: line)
        do throws(AppError) {
            try self.backgroundWork.reserve()
        } catch {
            self.logger.error("background work was refused", metadata: ["work": "\(place)", "error": "\(error)"])
            throw error
        }
        let (backgroundWork, scope) = (self.backgroundWork, RequestScope.current)
        let logger = scope?.request?.logger
        let start: @Sendable () -> Void = { backgroundWork.start(work, place: place, logger: logger) }
        guard scope?.postpone(start) != true else { return }
        start()
    }
}
