// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import ArgumentParser
import Logging
import NIOCore
import NIOPosix

/// A server for `./bench`: the same four routes, on one ground and with sessions in one place.
///
///     BenchServer --kind bare|hummingbird|app --port PORT [--place PLACE] [--overview]
///
/// `GET /hello` does not look at its session, `GET /` reads it, `GET /count` changes it, and `POST /login` begins it.
/// With `--overview` there is the operator's page, `/admin/sessions`, for the visitor whom `POST /operator` signs in.
/// Nothing is logged below the level critical, as in an application whose log is not on the way of a request.
@main
struct BenchServer: AsyncParsableCommand {
    @Option(help: "bare is Hummingbird without sessions, hummingbird has the middleware, app is Dewar's App.")
    var kind: ServerKind

    @Option(help: "The port of 127.0.0.1 to listen on.")
    var port: Int

    @Option(
        help: """
            flask, sealed, memory, directory:PATH, sqlite:PATH, redis://HOST:PORT, or postgres://USER@HOST/DATABASE; not for \
            bare.
            """)
    var place = Place.flask

    @Option(
        help:
            "How many event loops NIO runs. It would run one for each core of the machine, and ./bench gives it one core."
    )
    var loops = 1

    @Flag(help: "Runs Swift's tasks on NIO's event loops, so that no request changes threads.")
    var tasksOnLoops = false

    @Flag(help: "Adds the operator's page, for --kind app.")
    var overview = false

    func validate() throws {
        guard !self.overview || self.kind == .app else { throw ValidationError("--overview is for --kind app.") }
    }

    func run() async throws {
        NIOSingletons.groupLoopCountSuggestion = self.loops
        // NIO calls it unsafe because it is for the whole process and cannot be undone: here both are wanted.
        if self.tasksOnLoops {
            guard NIOSingletons.unsafeTryInstallSingletonPosixEventLoopGroupAsConcurrencyGlobalExecutor() else {
                throw ValidationError("Swift's tasks cannot run on NIO's event loops here.")
            }
        }
        LoggingSystem.bootstrap { label in
            var handler = StreamLogHandler.standardError(label: label)
            handler.logLevel = .critical
            return handler
        }
        switch self.kind {
        case .bare: try await serveBare(port: self.port)
        case .handmade: try await serveHandMade(self.place, port: self.port)
        case .hummingbird: try await serveHummingbird(self.place, port: self.port)
        case .app: try await serveApp(self.place, port: self.port, hasOverview: self.overview)
        }
    }
}

/// What the routes stand on.
enum ServerKind: String, ExpressibleByArgument, CaseIterable {
    case bare
    case handmade
    case hummingbird
    case app
}
