// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

public import ArgumentParser
import Configuration
public import Dewar
import Foundation
import Logging

/// The options that every example takes.
///
/// The examples serve plain HTTP, so their cookies have Flask's settings (no Secure, the name `session`) in every
/// format, unless they speak HTTPS, or `--https` says that a proxy does so for them. What is not shared with a Flask application says
/// `Cache-Control: no-store` with a cookie all the same.
public struct ExampleOptions: ParsableArguments {
    @Option(help: "The host to listen on.")
    var host: String?

    @Option(help: "The port to listen on; 0 for any that is free.")
    var port: Int?

    @Option(help: "The secret key, as text.")
    var secretKey: String?

    @Option(name: .customLong("secret-key-base64"), help: "The secret key, as bytes in base64.")
    var secretKeyBase64: String?

    @Option(help: "A file with the secret keys, which is followed; not for Check.", completion: .file())
    public var keyFile: String?

    @Option(name: .customLong("sessions"), help: "How sessions are kept: \(SessionsOption.help).")
    var place = SessionsOption.flask

    @Option(help: "A format that is read too: \(FormatOption.help); may be given several times.")
    var accept: [FormatOption] = []

    @Option(help: "The store with the list of sealed sessions that have ended, for several processes: as --sessions.")
    var revocations: SessionsOption?

    @Option(help: "The name of the cookie: session, or __Host-session with --https.")
    var cookieName: String?

    @Flag(help: "Visitors come over HTTPS, through a proxy: the cookie is Secure, SameSite=Lax, and __Host-session.")
    var https = false

    @Option(help: "A PEM file with a certificate, to serve HTTPS; the cookie is as with --https.", completion: .file())
    var tlsCertificate: String?

    @Option(help: "A PEM file with the key of the certificate.", completion: .file())
    var tlsKey: String?

    @Flag(name: .customLong("http2"), help: "Speak HTTP/2 too, with --tls-certificate.")
    var speaksHTTP2 = false

    @Option(help: "The longest time between two uses of a session, in seconds.")
    var idle: Int?

    @Option(help: "How often a store removes expired sessions, in seconds.")
    var purge: Int?

    @Option(help: "How much is logged: trace, debug, info, notice, warning or error.")
    var logLevel: Logger.Level = .info

    public init() {}

    /// The options of this process; a bad one is told in one line, and ends it.
    public static func fromCommandLine() -> ExampleOptions { self.parsed(logLevel: \.logLevel) }

    public func validate() throws {
        if self.secretKey != nil, self.secretKeyBase64 != nil {
            throw ValidationError("Give --secret-key or --secret-key-base64, not both.")
        }
        if self.keyFile != nil, self.secretKey != nil || self.secretKeyBase64 != nil {
            throw ValidationError("Give a key or --key-file, not both.")
        }
        if (self.tlsCertificate == nil) != (self.tlsKey == nil) {
            throw ValidationError("Give --tls-certificate and --tls-key, or neither.")
        }
        if self.speaksHTTP2, self.tlsCertificate == nil {
            throw ValidationError("--http2 needs --tls-certificate: browsers speak HTTP/2 over TLS alone.")
        }
        if let text = self.secretKeyBase64, SecretKey(base64: text) == nil {
            throw ValidationError("What follows --secret-key-base64 is not base64.")
        }
        if let port = self.port, !(0...65535).contains(port) {
            throw ValidationError("There is no port \(port); ports go from 0 to 65535.")
        }
        if let purge = self.purge, purge < 1 {
            throw ValidationError("Sessions cannot be removed every \(purge) seconds; --purge takes 1 or more.")
        }
        if let idle = self.idle, idle < 1 {
            throw ValidationError("A session cannot last \(idle) seconds; --idle takes 1 or more.")
        }
    }

    /// The key that was given, if any, for a program that takes no key file.
    public var key: SecretKey? {
        if self.keyFile != nil {
            Self.exit(withError: OneLineError(description: "This program takes its keys from its configuration file."))
        }
        return self.secretKeyBase64.flatMap(SecretKey.init(base64:)) ?? self.secretKey.map(SecretKey.init(_:))
    }

    /// The key that was given, or the tutorial's; nil when the keys are in a file.
    public func key(or tutorial: SecretKey) -> SecretKey? {
        self.keyFile == nil ? self.key ?? tutorial : nil
    }

    /// How sessions are kept; a place that cannot be used is told in one line, and ends the process.
    public var sessions: SessionConfiguration {
        do {
            var configuration = try self.place.configuration(
                accepting: self.accept.map(\.format), revocations: self.revocations,
                purge: self.purge.map { PurgeSchedule(interval: .seconds($0)) } ?? PurgeSchedule())
            if self.https || self.tlsCertificate != nil { configuration.cookie = .standard }
            if let name = self.cookieName { configuration.cookie.name = name }
            if let idle = self.idle { configuration.lifetime.idle = .seconds(idle) }
            return configuration
        } catch {
            Self.exit(withError: OneLineError(description: "\(error)"))
        }
    }

    /// Serves the application within the limits of the environment (`SERVER_BODY_TIMEOUT=5`); what goes wrong is told in
    /// one line.
    public func run(_ app: App) async throws {
        do {
            try app.serverLimits.configure(from: ConfigReader(provider: EnvironmentVariablesProvider()))
        } catch {
            Self.exit(withError: OneLineError(description: "\(error)"))
        }
        guard let certificate = self.tlsCertificate, let key = self.tlsKey else {
            return try await app.run(host: self.host, port: self.port)
        }
        try await ExampleParts.run(
            app, host: self.host, port: self.port, certificate: certificate, key: key, http2: self.speaksHTTP2)
    }
}

extension ParsableArguments {
    /// The options of this process; a bad one is told in one line, and ends it.
    static func parsed(logLevel: KeyPath<Self, Logger.Level>) -> Self {
        do {
            let options = try self.parse()
            let level = options[keyPath: logLevel]
            LoggingSystem.bootstrap { label in
                var handler = StreamLogHandler.standardError(label: label)
                handler.logLevel = level
                return handler
            }
            return options
        } catch {
            if self.exitCode(for: error) == .success { self.exit(withError: error) }
            self.exit(withError: OneLineError(description: self.message(for: error)))
        }
    }
}

extension Logger.Level: @retroactive ExpressibleByArgument {}

/// An error that ArgumentParser prints as one line, without a usage text.
struct OneLineError: Error, CustomStringConvertible {
    let description: String
}
