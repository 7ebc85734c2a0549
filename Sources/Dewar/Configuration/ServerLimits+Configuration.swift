// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

public import Configuration

extension ServerLimits {
    /// Takes over the limits that a configuration sets, and keeps the others.
    ///
    /// ```swift
    /// let environment = ConfigReader(provider: EnvironmentVariablesProvider())
    /// try app.serverLimits.configure(from: environment)  // SERVER_BODY_TIMEOUT=120
    /// ```
    ///
    /// The keys are `server.headTimeout`, `.bodyTimeout`, `.keepAliveTimeout`, `.writeTimeout` and `.shutdownTimeout`,
    /// in seconds, 0 for no limit; `.minimumBodyRate`, `.maximumConnections`, `.maximumHeaderSize` and
    /// `.maximumBackgroundWork`, whole numbers.
    ///
    /// - Throws: ``AppError`` for a value that cannot be used.
    public mutating func configure(from reader: ConfigReader) throws(AppError) {
        try self.configure(from: Settings(sources: [.reader(reader)]))
    }

    mutating func configure(from settings: Settings) throws(AppError) {
        try settings.apply("server.headTimeout", to: &self.headTimeout)
        try settings.apply("server.bodyTimeout", to: &self.bodyTimeout)
        try settings.apply("server.keepAliveTimeout", to: &self.keepAliveTimeout)
        try settings.apply("server.writeTimeout", to: &self.writeTimeout)
        try settings.apply("server.shutdownTimeout", to: &self.shutdownTimeout)
        if let rate = try settings.count("server.minimumBodyRate") { self.minimumBodyRate = rate }
        if let count = try settings.count("server.maximumConnections") { self.maximumConnections = count }
        if let size = try settings.count("server.maximumHeaderSize") { self.maximumHeaderSize = size }
        if let count = try settings.count("server.maximumBackgroundWork") { self.maximumBackgroundWork = count }
        try self.check()
    }
}
