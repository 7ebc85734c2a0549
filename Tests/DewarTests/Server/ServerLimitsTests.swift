// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Configuration
import TestSupport
import Testing

@testable import Dewar

/// What limits there are, and where they come from.
@Suite struct ServerLimitsTests {
    private static func configured(_ environment: [String: String]) throws(AppError) -> ServerLimits {
        var limits = ServerLimits()
        try limits.configure(
            from: ConfigReader(provider: EnvironmentVariablesProvider(environmentVariables: environment)))
        return limits
    }

    @Test func theEnvironmentSetsEveryLimit() throws {
        let limits = try Self.configured([
            "SERVER_HEAD_TIMEOUT": "1.5", "SERVER_BODY_TIMEOUT": "2", "SERVER_KEEP_ALIVE_TIMEOUT": "3",
            "SERVER_WRITE_TIMEOUT": "4", "SERVER_SHUTDOWN_TIMEOUT": "0", "SERVER_MINIMUM_BODY_RATE": "0",
            "SERVER_MAXIMUM_CONNECTIONS": "7", "SERVER_MAXIMUM_HEADER_SIZE": "8192",
            "SERVER_MAXIMUM_BACKGROUND_WORK": "9",
        ])
        var expected = ServerLimits()
        expected.headTimeout = .milliseconds(1500)
        expected.bodyTimeout = .seconds(2)
        expected.keepAliveTimeout = .seconds(3)
        expected.writeTimeout = .seconds(4)
        expected.shutdownTimeout = nil
        expected.minimumBodyRate = 0
        expected.maximumConnections = 7
        expected.maximumHeaderSize = 8192
        expected.maximumBackgroundWork = 9
        #expect(limits == expected)
        #expect(try Self.configured([:]) == ServerLimits())
    }

    /// Without one of the times a client could hold a connection for ever.
    @Test func everythingHasALimitUnlessToldOtherwise() {
        let limits = App.forTests().serverLimits
        #expect(limits.headTimeout == .seconds(20))
        #expect(limits.bodyTimeout == .seconds(30))
        #expect(limits.minimumBodyRate == 500)
        #expect(limits.keepAliveTimeout == .seconds(75))
        #expect(limits.writeTimeout == .seconds(60))
        #expect(limits.shutdownTimeout == .seconds(25))
        #expect(limits.maximumHeaderSize == 65_536)
        #expect(limits.maximumBackgroundWork == 1000)
        #expect(limits.connections(descriptors: 1024) == 768)
        #expect(limits.connections(descriptors: 1_000_000) == 10_000)
    }

    @Test func anApplicationTakesThemFromItsConfiguration() throws {
        let provider = EnvironmentVariablesProvider(environmentVariables: ["SERVER_BODY_TIMEOUT": "5"])
        let app = App(configuration: ConfigReader(provider: provider), logger: LogRecorder().logger)
        #expect(app.serverLimits.bodyTimeout == .seconds(5))
        #expect(app.serverLimits.headTimeout == ServerLimits().headTimeout)
    }

    @Test(arguments: [
        ("SERVER_HEAD_TIMEOUT", "-1", "The setting server.headTimeout must be a number of seconds up to"),
        ("SERVER_BODY_TIMEOUT", "1e300", "The setting server.bodyTimeout must be a number of seconds up to"),
        ("SERVER_MAXIMUM_CONNECTIONS", "many", "The setting server.maximumConnections must be a whole number."),
        ("SERVER_MAXIMUM_CONNECTIONS", "0", "The limit maximumConnections must be 1 or more."),
        ("SERVER_MAXIMUM_HEADER_SIZE", "-5", "The limit maximumHeaderSize must be 1 or more."),
        ("SERVER_MAXIMUM_BACKGROUND_WORK", "0", "The limit maximumBackgroundWork must be 1 or more."),
        ("SERVER_MINIMUM_BODY_RATE", "-5", "The limit minimumBodyRate must not be below 0."),
    ])
    func aLimitThatCannotBeKeptIsTold(name: String, value: String, message: String) {
        let error = #expect(throws: AppError.self) { try Self.configured([name: value]) }
        #expect(error?.kind == .invalidConfiguration)
        #expect(error?.description.hasPrefix(message) == true)
    }

    @Test(arguments: [.zero, .seconds(-1), .seconds(Int64.max)] as [Duration])
    func theStartRefusesATimeThatCannotBeKept(time: Duration) async {
        let app = App.forTests()
        app.serverLimits.writeTimeout = time
        let error = await #expect(throws: AppError.self) { try await app.serve(port: 0) }
        #expect(error?.description == "The limit writeTimeout must be a time above zero, or nil.")
    }

    @Test(arguments: [(128, 96), (1024, 768), (1, 1), (Int.max, 10_000)])
    func aQuarterOfTheFilesIsLeftForOtherThings(descriptors: Int, connections: Int) {
        #expect(ServerLimits().connections(descriptors: descriptors) == connections)
        var limits = ServerLimits()
        limits.maximumConnections = 5
        #expect(limits.connections(descriptors: descriptors) == 5)
    }
}
