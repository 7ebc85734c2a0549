// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import ServiceLifecycle
import SessionsHummingbird
import Synchronization
import SystemPackage
import UnixSignals

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

extension App {
    /// Serves the application until the process is told to stop (SIGTERM or SIGINT). Requests that it has begun to read
    /// are finished first, within ``ServerLimits/shutdownTimeout``. The call is the last line of a program:
    ///
    /// ```swift
    /// try await app.run()  // http://127.0.0.1:5000
    /// try await app.run(port: 8080)
    /// ```
    ///
    /// If it cannot start, because the port is in use or a setting is invalid, it writes the reason as one line to
    /// standard error and ends the process with status 1, as Flask's `run` does. A program that must go on calls
    /// ``serve(host:port:)``, which throws instead.
    ///
    /// - Parameters:
    ///   - host: Where to listen, in place of the application's address.
    ///   - port: The port, in place of the application's; 0 for any that is free.
    /// - Throws: `CancellationError` when its task is cancelled.
    public func run(host: String? = nil, port: Int? = nil) async throws {
        try await self.run(host: host, port: port, over: .plain)
    }

    /// Serves over a transport, as ``run(host:port:)`` does.
    package func run(host: String?, port: Int?, over transport: ServerTransport) async throws {
        do {
            try await self.serve(host: host, port: port, over: transport)
        } catch let error as CancellationError {
            throw error
        } catch {
            let line = "Error: \(error)".split(whereSeparator: \.isNewline).joined(separator: " ")
            // If standard error is closed, there is no place left to report to.
            _ = try? SystemPackage.FileDescriptor.standardError.writeAll("\(line)\n".utf8)
            exit(1)
        }
    }

    /// Serves the application as ``run(host:port:)`` does, and throws the error that keeps it from starting: for tests,
    /// and for programs that do more than serve.
    ///
    /// - Parameters:
    ///   - host: Where to listen, in place of the application's address.
    ///   - port: The port, in place of the application's; 0 for any that is free.
    /// - Throws: ``AppError`` when the address cannot be listened on, or a limit or a configured value cannot be used,
    ///   ``RouteError`` for a rule that cannot be read, `SessionError` for settings that contradict each other or a
    ///   key that could be guessed.
    public func serve(host: String? = nil, port: Int? = nil) async throws {
        try await self.serve(host: host, port: port, over: .plain)
    }

    /// Serves over a transport, as ``serve(host:port:)`` does.
    package func serve(host: String?, port: Int?, over transport: ServerTransport) async throws {
        let address = ServerAddress(host: host ?? self.address.host, port: port ?? self.address.port)
        guard (0...65535).contains(address.port) else {
            throw AppError(.addressUnavailable, "There is no port \(address.port); ports go from 0 to 65535.")
        }
        let logger = self.logger
        let limits = self.serverLimits
        try limits.check()
        let connections = OpenConnections(maximum: limits.connections(descriptors: OpenFile.limit))
        self.listens(on: address, scheme: transport.scheme)
        let development = DevelopmentMode()
        let application = Application(
            responder: try self.responder(development: development),
            server: try transport.around(
                HTTPServerBuilder { responder in
                    transport.channel(
                        AppChannel(
                            responder: responder, limits: limits, connections: connections,
                            isSecure: transport.scheme == "https"))
                }),
            configuration: ApplicationConfiguration(
                address: .hostname(address.host, port: address.port),
                availableConnectionsDelegate: ConnectionQuota(connections: connections)),
            services: try self.services() + transport.services(logger: logger),
            onServerRunning: { channel in
                let bound = ServerAddress(host: address.host, port: channel.localAddress?.port ?? address.port)
                self.listens(on: bound, scheme: transport.scheme)
                logger.notice("Running on \(transport.scheme)://\(bound) (press CTRL+C to quit)")
                self.startDebugging(development, on: channel.localAddress)
            },
            logger: logger)
        do {
            try await self.serve(application, connections, shutdownTimeout: limits.shutdownTimeout)
        } catch {
            throw Self.explained(error, address: address)
        }
    }

    private func serve(
        _ application: some Service, _ connections: OpenConnections, shutdownTimeout: Duration?
    ) async throws {
        let service = ObservedServer(application, connections)
        var configuration = ServiceGroupConfiguration(
            services: [service], gracefulShutdownSignals: [.sigterm, .sigint], logger: self.logger)
        configuration.maximumGracefulShutdownDuration = shutdownTimeout
        do {
            try await ServiceGroup(configuration: configuration).run()
        } catch is CancellationError where !Task.isCancelled {
            // The time for the shutdown was up.
        }
        if service.cutOff > 0, !Task.isCancelled {
            self.logger.warning(
                "requests were cut off: they had not ended when the time for the shutdown was up",
                metadata: ["connections": "\(service.cutOff)"])
        }
    }

    private func services() throws(SessionError) -> [any Service] {
        let sessions = try self.sessionManager()
        self.backgroundWork.begin(limit: self.serverLimits.maximumBackgroundWork)
        // The server stops first, and the last in this list before the first.
        return [BackgroundService(work: self.backgroundWork), SessionPurgeService(sessions)]
            + (self.keyFile.map { [KeyFileService(sessions, keyFile: $0, access: self.keyFileAccess)] } ?? [])
    }

    private static func explained(_ error: any Error, address: ServerAddress) -> any Error {
        switch error {
        case let error as IOError where error.errnoCode == EADDRINUSE:
            AppError(
                .addressInUse, "Port \(address.port) is in use by another program. Stop it, or choose another port.")
        case let error as IOError:
            AppError(.addressUnavailable, "The server cannot listen on \(address): \(error).")
        case is SocketAddressError, is SocketAddressError.UnknownHost:
            AppError(.addressUnavailable, "The host \"\(address.host)\" is not known.")
        default: error
        }
    }
}

/// A server that counts the connections that are open when it is cancelled: those without a request have been closed by
/// then. It need not end with the error of the cancellation: that depends on what its handlers do.
private final class ObservedServer<Server: Service>: Service {
    private let server: Server
    private let connections: OpenConnections
    private let count = Atomic(0)

    var cutOff: Int { self.count.load(ordering: .relaxed) }

    init(_ server: Server, _ connections: OpenConnections) {
        self.server = server
        self.connections = connections
    }

    func run() async throws {
        try await withTaskCancellationHandler(operation: self.server.run) {
            self.count.store(self.connections.count, ordering: .relaxed)
        }
    }
}
