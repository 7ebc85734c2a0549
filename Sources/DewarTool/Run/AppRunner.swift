// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import NIOCore
import NIOPosix

/// Builds the app, starts it, and does so again whenever its files change or a person asks for it.
struct AppRunner: Sendable {
    let build: AppBuild
    let watcher: SourceWatcher
    let status: AppStatus
    /// Where visitors find the app.
    let address: String
    let arguments: [String]

    /// A request that is being answered may take so long when the app is stopped.
    private static let patience: Duration = .seconds(3)

    /// Runs until the task is cancelled.
    ///
    /// - Throws: ``ToolError`` when Swift cannot be started, or there is no program to run.
    func run() async throws {
        var plan: AppBuild.Plan?
        var isBuilt = false
        while !Task.isCancelled {
            // Before the build: what changes meanwhile is built next.
            let files = self.watcher.scan()
            let change: @Sendable () async throws -> [String] = { try await self.watcher.change(since: files) }
            if !isBuilt {
                // What a person has asked for begins here; what they ask for from now on is another build.
                _ = self.watcher.request.take()
                isBuilt = try await self.isBuilt(&plan)
            }
            let changed =
                if isBuilt, let plan { try await self.serve(plan.program, until: change) } else { try await change() }
            for file in changed.prefix(5) { Console.note(Style.current.dim("\(Printable.text(file)) has changed")) }
            let isAskedFor = changed.isEmpty
            if isAskedFor || changed.contains("Package.swift") { plan = nil }
            if isAskedFor || !changed.allSatisfy(Self.isReadAtStart) { isBuilt = false }
            await self.status.enter(.building)
        }
    }

    /// What the program reads when it starts, so that it need not be built again.
    static func isReadAtStart(_ path: String) -> Bool { path.hasPrefix("templates/") || path == "config.json" }

    /// Builds the app; what keeps it from being built is shown.
    private func isBuilt(_ plan: inout AppBuild.Plan?) async throws -> Bool {
        Console.note(Style.current.dim("building"))
        do {
            let planned = if let plan { plan } else { try await self.build.plan() }
            plan = planned
            try await self.build.run(planned)
            return true
        } catch let failure as AppBuild.Failure {
            Console.note(Style.current.red("the app cannot be built"))
            await self.status.enter(.failed(failure.text))
            return false
        }
    }

    /// Runs the program until files change, or a person asks for a restart.
    private func serve(
        _ program: String, until change: @Sendable () async throws -> [String]
    ) async throws -> [String] {
        let port = try await Self.freePort()
        var environment = self.build.environment
        (environment["HOST"], environment["PORT"]) = ("127.0.0.1", String(port))
        let arguments = self.arguments.map { $0.replacing("{port}", with: String(port)) }
        let app = try ChildProcess(
            [program] + arguments, in: self.build.folder, environment: environment, readsOutput: false)
        let changed = await withTaskGroup { group in
            group.addTask { await self.follow(app) }
            group.addTask { await self.reach(port) }
            let changed = try? await change()
            // Requests that arrive from now on wait for the next build.
            await self.status.enter(.building)
            group.cancelAll()
            await app.stop(within: Self.patience)
            return changed ?? []
        }
        try Task.checkCancellation()
        return changed
    }

    /// Passes on what the app writes, and tells how it ended.
    private func follow(_ app: ChildProcess) async {
        var tail = OutputTail(limit: 50_000)
        for await bytes in app.output {
            tail.add(bytes)
            Console.pass(bytes)
        }
        let status = await app.status
        guard !Task.isCancelled else { return }
        Console.note(Style.current.red("the app has ended (\(status)); a change of its files starts it again"))
        await self.status.enter(.ended(status: status, output: tail.text))
    }

    /// Waits until the app accepts connections.
    private func reach(_ port: Int) async {
        while !Task.isCancelled {
            if let connection = try? await RunServer.connect(port: port) {
                try? await connection.channel.close()
                guard !Task.isCancelled, await self.status.now.phase == .building else { return }
                await self.status.enter(.running(port: port))
                Console.note(Style.current.green("ready on \(Printable.text(self.address))"))
                return
            }
            guard await self.status.now.phase == .building else { return }
            try? await self.watcher.sleep(.milliseconds(50))
        }
    }

    /// A port that no program listens on.
    private static func freePort() async throws -> Int {
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(host: "127.0.0.1", port: 0).get()
        let port = channel.localAddress?.port ?? 0
        try await channel.close()
        return port
    }
}
