// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import ArgumentParser
import NIOCore
import SessionsSupport
import UnixSignals

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// `dewar run`.
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Serves the app in this folder while you write it.",
        discussion: """
            It builds the app (a debug build), starts it, and does both again when Package.swift, a source, a template \
            or config.json changes. The port stays open: requests that come meanwhile wait, and a browser is shown \
            what the compiler found, or how the app ended. Ctrl-C ends it and the app. At a terminal, so does q, and \
            r builds and starts the app again.

            The app has to take HOST and PORT from the environment, as App(configurationFile:) does, or from its \
            arguments: {port} in them stands for the port. It is for development, and never for production: the \
            compiler's errors contain source lines.

            Examples:
              dewar run
              dewar run --port 8080 --watch mail
              dewar run --product Server -- --port {port}
            """)

    @Option(help: ArgumentHelp("The port to listen on; 0 for any that is free.", valueName: "port"))
    var port = 5000

    @Option(
        help: ArgumentHelp("The host to listen on; other machines reach only another than this.", valueName: "host"))
    var host = "127.0.0.1"

    @Option(help: ArgumentHelp("The program to run, if the package has several.", valueName: "name"))
    var product: String?

    @Option(
        help: ArgumentHelp(
            "Another file or folder whose changes start the app again; may be given several times.", valueName: "path"))
    var watch: [String] = []

    @Argument(
        parsing: .postTerminator, help: ArgumentHelp("After --: arguments for the app.", valueName: "arguments"))
    var arguments: [String] = []

    func validate() throws {
        guard (0...65535).contains(self.port) else {
            throw ValidationError("There is no port \(self.port); ports go from 0 to 65535.")
        }
        if self.host.isEmpty { throw ValidationError("--host takes a host.") }
        if self.product?.isEmpty ?? false { throw ValidationError("--product takes the name of a program.") }
        for path in self.watch where SystemCall.status(behind: path) == nil {
            throw ValidationError("There is no \(Printable.text(path)); --watch takes a file or a folder.")
        }
    }

    func run() async throws {
        let folder = FileManager.default.currentDirectoryPath
        guard SystemCall.status(behind: folder + "/Package.swift") != nil else {
            throw ToolError(
                "This folder has no Package.swift: there is no app to run. dewar new makes one.", status: .usage)
        }
        let status = AppStatus()
        let server = RunServer(host: self.host, status: status, patience: .seconds(2))
        let listener = try await server.listen(port: self.port)
        let address = self.address(port: listener.channel.localAddress?.port ?? self.port)
        // Before the terminal is changed: a signal must not end this without setting it back.
        let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm, .sighup, .sigquit)
        let keyboard = Keyboard()
        defer { keyboard?.close() }
        self.announce(address, hasKeys: keyboard != nil)
        let request = RestartRequest()
        let paths = SourceSnapshot.usualPaths + self.watch
        let runner = AppRunner(
            build: AppBuild(
                folder: folder, product: self.product, environment: ProcessInfo.processInfo.environment),
            watcher: SourceWatcher(
                scan: { SourceSnapshot(of: paths, in: folder) }, sleep: { try await Task.sleep(for: $0) },
                request: request),
            status: status, address: address, arguments: self.arguments)
        try await withThrowingTaskGroup { group in
            group.addTask { try await server.serve(listener) }
            group.addTask { try await runner.run() }
            group.addTask { for await _ in signals { return } }
            if let keyboard { group.addTask { await Self.follow(keyboard, request) } }
            // A signal and a key end it well, and a failure of one of the others with that.
            defer { group.cancelAll() }
            _ = try await group.next()
        }
    }

    /// Does what the pressed keys ask for, until one asks for the end.
    private static func follow(_ keyboard: Keyboard, _ request: RestartRequest) async {
        for await key in keyboard.presses {
            switch key {
            case UInt8(ascii: "r"), UInt8(ascii: "R"): request.make()
            case UInt8(ascii: "q"), UInt8(ascii: "Q"): return
            default: break
            }
        }
    }

    private func address(port: Int) -> String {
        "http://" + (self.host.contains(":") ? "[\(self.host)]" : self.host) + ":\(port)"
    }

    private func announce(_ address: String, hasKeys: Bool) {
        Console.note("Serving on \(Printable.text(address)) (press CTRL+C to quit)")
        if hasKeys { Console.note(Style.current.dim("Press r to build and start the app again, and q to quit.")) }
        guard !["127.0.0.1", "::1", "localhost"].contains(self.host) else { return }
        let warning =
            "Other machines can read source lines in the errors that this shows, and with app.debug the app's error pages."
        Console.note(Style.current.yellow(warning))
    }
}
