// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import SessionsTesting
import Synchronization
import TestSupport
import Testing

@testable import DewarTool

/// `dewar run`: what it reads, what it shows, and when it builds again.
@Suite struct RunAppTests {
    private func start(_ text: String) throws -> RequestStart { try #require(RequestStart(Array(text.utf8))) }

    private func moment(_ phase: AppStatus.Phase) -> AppStatus.Moment { AppStatus.Moment(phase: phase, number: 7) }

    @Test func aRequestIsReadAsFarAsItsHead() throws {
        let text = "\r\nGET /a?b HTTP/1.1\r\nHOST:  localhost:5000\r\nAccept: text/html,*/*\r\n\r\nbody"
        let start = try self.start(text)
        #expect((start.method, start.target, start.host) == ("GET", "/a?b", "localhost:5000"))
        #expect(start.isForPage)
        for length in 0..<(text.utf8.count - 6) { #expect(RequestStart(Array(text.utf8.prefix(length))) == nil) }
        #expect(try !self.start("POST / HTTP/1.1\nAccept: text/html\n\n").isForPage)
        #expect(try !self.start("GET / HTTP/1.1\r\nAccept: image/*\r\n\r\n").isForPage)
    }

    @Test(arguments: 1...20) func anyBytesAreRead(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<200 {
            let bytes = (0..<60).map { _ in [10, 10, 13, 32, 58, 71, 0, 255].randomElement(using: &random) ?? UInt8(0) }
            _ = RequestStart(bytes).map { ($0.isFor("h"), RunPage.waitsFor($0)) }
        }
    }

    @Test(arguments: [
        ("localhost:5000", true), ("127.0.0.1:5000", true), ("[::1]:5000", true), ("shop.localhost", true),
        ("192.168.0.7:5000", true), ("dev.example:5000", true), ("DEV.example", true), ("attacker.example", false),
        ("127.0.0.1.attacker.example", false), ("localhost.attacker.example:5000", false), ("", false),
    ])
    func onlyOwnNamesAreToldTheErrors(host: String, isTold: Bool) throws {
        let start = try self.start("GET / HTTP/1.1\r\nHost: \(host)\r\n\r\n")
        #expect(start.isFor("dev.example") == (isTold || host.isEmpty))
    }

    @Test func whatTheCompilerSaysIsEscaped() throws {
        let start = try self.start("GET / HTTP/1.1\r\nHost: localhost\r\nAccept: text/html\r\n\r\n")
        let page = try #require(RunPage(self.moment(.failed("error: \"</pre><script>alert(1)</script>\" & more"))))
        let text = String(decoding: page.response(to: start, isTold: true), as: UTF8.self)
        #expect(text.hasPrefix("HTTP/1.1 500 Internal Server Error\r\n"))
        #expect(text.contains("&lt;/pre&gt;&lt;script&gt;alert(1)") && !text.contains("<script>"))
        #expect(text.contains("/.dewar-run/wait?after=7"))
        let other = String(decoding: page.response(to: start, isTold: false), as: UTF8.self)
        #expect(!other.contains("alert") && other.contains("The terminal has the reason."))
    }

    @Test func eachPageHasALengthAndHeadHasNoBody() throws {
        let phases: [AppStatus.Phase] = [
            .building, .failed("é"), .ended(status: -11, output: "o"), .ended(status: 1, output: ""),
        ]
        for phase in phases {
            for accept in ["text/html", "*/*"] {
                let page = try #require(RunPage(self.moment(phase)))
                let start = try self.start("GET / HTTP/1.1\r\nAccept: \(accept)\r\n\r\n")
                let bytes = page.response(to: start, isTold: true)
                let end = try #require(bytes.firstRange(of: Array("\r\n\r\n".utf8))?.upperBound)
                let head = String(decoding: bytes[..<end], as: UTF8.self)
                #expect(head.contains("Content-Length: \(bytes.count - end)\r\n"))
                #expect(head.contains("Connection: close") && head.contains("Cache-Control: no-store"))
                let short = page.response(to: try self.start("HEAD / HTTP/1.1\r\n\r\n"), isTold: true)
                #expect(short.suffix(4).elementsEqual("\r\n\r\n".utf8))
            }
        }
        #expect(RunPage(self.moment(.running(port: 1))) == nil)
    }

    @Test func aFormThatWasSentIsNotSentAgain() throws {
        let page = try #require(RunPage(self.moment(.failed("x"))))
        let post = try self.start("POST / HTTP/1.1\r\nHost: localhost\r\nAccept: text/html\r\n\r\n")
        let text = String(decoding: page.response(to: post, isTold: true), as: UTF8.self)
        #expect(!text.contains("script nonce") && !text.contains("http-equiv"))
    }

    @Test func aChangeIsToldWhenItIsQuiet() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("run-\(UUID().uuidString)")
        let sources = folder.appendingPathComponent("Sources/.hidden")
        try FileManager.default.createDirectory(at: sources, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.path
        @Sendable func write(_ name: String, _ text: String) throws {
            try Data(text.utf8).write(to: URL(fileURLWithPath: "\(path)/\(name)"))
        }
        try write("Package.swift", "1")
        let scan: @Sendable () -> SourceSnapshot = { SourceSnapshot(of: SourceSnapshot.usualPaths, in: path) }
        let first = scan()
        let turns = Mutex(0)
        let watcher = SourceWatcher(scan: scan) { _ in
            // Nothing at first; hidden files and others that count for nothing; then two changes, one after the other.
            let turn = turns.withLock { turn in
                turn += 1
                return turn
            }
            if turn == 2 { try write("Sources/.hidden/a", "1") }
            if turn == 3 { try write("notes", "1") }
            if turn == 4 { try write("Package.swift", "12") }
            if turn == 5 { try write("Sources/a.swift", "1") }
        }
        #expect(try await watcher.change(since: first) == ["Package.swift", "Sources/a.swift"])
        #expect(turns.withLock { $0 } == 6)
        try FileManager.default.removeItem(atPath: path + "/Sources/a.swift")
        #expect(first.differences(to: scan()) == ["Package.swift"])
    }

    @Test func aRestartThatIsAskedForEndsTheWait() async throws {
        let request = RestartRequest()
        let turns = Mutex(0)
        let nothing: @Sendable () -> SourceSnapshot = { SourceSnapshot(of: [], in: "/") }
        let sleep: @Sendable (Duration) async throws -> Void = { _ in
            let turn = turns.withLock { turn in
                turn += 1
                return turn
            }
            if turn == 3 { request.make() }
        }
        let watcher = SourceWatcher(scan: nothing, sleep: sleep, request: request)
        #expect(try await watcher.change(since: nothing()) == [])
        #expect(turns.withLock { $0 } == 3)
        #expect(!request.take())
        // One that was asked for while the app was built, which may have failed, is not lost.
        request.make()
        #expect(try await watcher.change(since: nothing()) == [])
        #expect(turns.withLock { $0 } == 4)
    }

    @Test func aLinkInACircleEnds() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("run-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: folder.appendingPathComponent("Sources"), withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.createSymbolicLink(
            atPath: folder.path + "/Sources/again", withDestinationPath: folder.path + "/Sources")
        let snapshot = SourceSnapshot(of: ["Sources"], in: folder.path)
        #expect(snapshot.differences(to: SourceSnapshot(of: [], in: folder.path)).isEmpty)
    }

    @Test func templatesNeedNoBuild() {
        #expect(AppRunner.isReadAtStart("templates/a.mustache") && AppRunner.isReadAtStart("config.json"))
        #expect(!AppRunner.isReadAtStart("Sources/shop/main.swift") && !AppRunner.isReadAtStart("Package.swift"))
    }

    @Test func theOnlyProgramIsRun() throws {
        func manifest(_ targets: [(String, String)]) -> String {
            let list = targets.map { #"{"name": "\#($0.0)", "type": "\#($0.1)"}"# }.joined(separator: ",")
            return "warning: something\n{\"targets\": [\(list)]}"
        }
        let one = manifest([("shop", "executable"), ("shopTests", "test"), ("Shared", "regular")])
        let two = manifest([("shop", "executable"), ("admin", "executable")])
        #expect(try AppBuild.product(nil, in: one) == "shop")
        #expect(try AppBuild.product("admin", in: two) == "admin")
        #expect(throws: ToolError.self) { try AppBuild.product(nil, in: two) }
        #expect(throws: ToolError.self) { try AppBuild.product("Shared", in: one) }
        #expect(throws: ToolError.self) { try AppBuild.product(nil, in: manifest([])) }
        #expect(throws: ToolError.self) { try AppBuild.product(nil, in: "nothing") }
    }

    @Test func aProductHasAnotherNameThanItsTarget() throws {
        let manifest = #"""
            {"targets": [{"name": "App", "type": "executable"}, {"name": "tool", "type": "executable"}],
            "products": [{"name": "server", "targets": ["App"], "type": {"executable": null}},
            {"name": "Shared", "targets": ["Shared"], "type": {"library": ["automatic"]}}]}
            """#
        #expect(try AppBuild.product("server", in: manifest) == "server")
        #expect(try AppBuild.product("tool", in: manifest) == "tool")
        #expect(throws: ToolError.self) { try AppBuild.product("App", in: manifest) }
    }

    @Test func theLinesThatMatterAreShown() {
        let output = """
            warning: 'swift-x': found 1 file(s) which are unhandled
            [1/5] Compiling shop Pages.swift
            /app/Sources/shop/Pages.swift:3:9: error: no
            [element] of the source
            error: fatalError

            """
        #expect(
            AppBuild.readable(output) == """
                /app/Sources/shop/Pages.swift:3:9: error: no
                [element] of the source
                error: fatalError
                """)
        var tail = OutputTail(limit: 4)
        for byte in "abcdefghijk".utf8 { tail.add([byte]) }
        #expect(tail.text == "hijk")
    }

    @Test func waitersAreToldOfEachPhase() async {
        let status = AppStatus()
        async let next = status.phase(after: 0)
        await status.enter(.running(port: 1))
        #expect(await next.number == 1)
        await status.enter(.running(port: 1))
        #expect(await status.now.number == 1)
        // Nothing is waited for: the phase has changed already.
        #expect(await status.phase(after: 0).phase == .running(port: 1))
        let waiting = Task { await status.phase(after: 1).number }
        waiting.cancel()
        #expect(await waiting.value == 1)
    }

    /// A `swift` that is deaf to Ctrl-C must not be left behind.
    @Test(.timeLimit(.minutes(1))) func aBuildThatIsToldToStopHasEnded() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("run-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (swift, started) = (folder.path + "/swift", folder.path + "/started")
        let program = """
            #!/bin/sh
            trap '' INT
            sleep 600 &
            echo $$ $! > started.new
            mv started.new started
            wait
            """
        try Data(program.utf8).write(to: URL(fileURLWithPath: swift))
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: swift)
        let build = AppBuild(
            folder: folder.path, product: nil, environment: ["PATH": "\(folder.path):/usr/bin:/bin"],
            patience: .milliseconds(50))
        let planning = Task { try await build.plan() }
        try await eventually("swift has started") { FileManager.default.fileExists(atPath: started) }
        let text = try String(contentsOfFile: started, encoding: .utf8)
        let identifiers = text.split(whereSeparator: \.isWhitespace).compactMap { pid_t($0) }
        #expect(identifiers.count == 2 && identifiers.allSatisfy { kill($0, 0) == 0 })
        planning.cancel()
        await #expect(throws: CancellationError.self) { _ = try await planning.value }
        #expect(kill(identifiers[0], 0) == -1 && errno == ESRCH)
        #if os(Linux)
        // The compilers of a real one end with it. The system may have yet to clear away what has ended.
        try await eventually("what swift has started has ended") {
            let state = try? String(contentsOfFile: "/proc/\(identifiers[1])/stat", encoding: .utf8)
            return state?.contains(") Z ") ?? true
        }
        #endif
    }

    /// The threads of tasks block nearly all signals, and a new program begins with those of the thread that starts it.
    @Test(.timeLimit(.minutes(1)), arguments: [SIGTERM, SIGINT])
    func aProgramHearsThatItIsToEnd(signal: Int32) async throws {
        let program = try ChildProcess(
            ["sh", "-c", "kill -\(signal) $$; echo deaf"], in: FileManager.default.currentDirectoryPath,
            environment: ["PATH": "/usr/bin:/bin"], readsOutput: true)
        var written: [UInt8] = []
        for await bytes in program.output { written += bytes }
        #expect(await program.status == -signal && written.isEmpty)
    }

    @Test(.timeLimit(.minutes(1))) func aProgramThatDoesNotEndIsEnded() async throws {
        let (folder, environment) = (FileManager.default.currentDirectoryPath, ["PATH": "/usr/bin:/bin"])
        let stubborn = try ChildProcess(
            ["sh", "-c", "trap '' TERM; echo ready; while :; do sleep 1; done"], in: folder, environment: environment,
            readsOutput: true)
        for await bytes in stubborn.output where String(decoding: bytes, as: UTF8.self).contains("ready") { break }
        await stubborn.stop(within: .milliseconds(50))
        #expect(await stubborn.status == -9)
        let short = try ChildProcess(
            ["sh", "-c", "echo out; exit 3"], in: folder, environment: environment, readsOutput: true)
        var written: [UInt8] = []
        for await bytes in short.output { written += bytes }
        #expect(await short.status == 3 && written.elementsEqual("out\n".utf8))
        // It has ended: stopping it is over at once.
        await short.stop(within: .seconds(60))
    }
}
