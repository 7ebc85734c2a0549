// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import PackageDescription

// "./test" sets this: its tests look inside of the modules, in a release build too. The libraries that the package
// depends on stay as they are in a server.
let isTested = Context.environment["DEWAR_TESTABLE"] == "1"

// "./fuzz" sets this: the modules count which of their branches an input takes, and the tests that replay inputs become
// a program that libFuzzer drives.
let isFuzzed = Context.environment["DEWAR_FUZZ"] == "1"
let fuzzing = isFuzzed ? ["-sanitize=fuzzer,address"] : []

let settings: [SwiftSetting] =
    [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("InternalImportsByDefault"),
    ] + (isTested || isFuzzed ? [.unsafeFlags(["-enable-testing"])] : [])

// The compiler lists every place where memory safety is the code's own affair; each is marked "unsafe" and says why it
// is sound. For what is linked into a server, and not for tests.
let sourceSettings = settings + [.strictMemorySafety()] + (isFuzzed ? [.unsafeFlags(fuzzing)] : [])

// What is tested is optimized as for a server; the tests themselves compile in a quarter of the time without.
let testSettings = settings + (isTested ? [.unsafeFlags(["-Onone"])] : [])

// Where it is in the system's own folders pkg-config is not needed, and hiredis' file has a flag that SwiftPM warns
// about.
#if os(Linux)
let hiredis: String? = nil
#else
let hiredis: String? = "hiredis"
#endif

// What must hold for the parsers: a test target that replays the inputs in Tests/Fixtures/fuzz, or a program for
// libFuzzer.
let fuzzDependencies: [Target.Dependency] = [
    "CPostgres", "Dewar", "DewarTLS", "DewarTool", "Sessions", "SessionsDirectory", "SessionsFlask", "SessionsHTTP",
    "SessionsKeys", "SessionsPostgres", "SessionsRedis", "SessionsSQLite", "SessionsSignIn", "SessionsSupport",
    "SessionsValues",
    .product(name: "Crypto", package: "swift-crypto"),
    .product(name: "GRDB", package: "GRDB.swift"),
    .product(name: "HTTPTypes", package: "swift-http-types"),
    .product(name: "Logging", package: "swift-log"),
    .product(name: "NIOCore", package: "swift-nio"),
    .product(name: "NIOEmbedded", package: "swift-nio"),
    .product(name: "NIOHTTP2", package: "swift-nio-http2"),
    .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
]
let fuzzTargets: [Target] =
    isFuzzed
    ? [
        .target(name: "FuzzMemory", path: "Tests/FuzzMemory"),
        .executableTarget(
            name: "Fuzz", dependencies: fuzzDependencies + ["FuzzMemory"], path: "Tests/FuzzTests",
            exclude: ["ReplayTests.swift"], swiftSettings: settings,
            linkerSettings: [.unsafeFlags(fuzzing + ["-use-ld=lld"])]),
    ]
    : [
        .testTarget(
            name: "FuzzTests", dependencies: fuzzDependencies, path: "Tests/FuzzTests",
            exclude: ["Driver"], swiftSettings: testSettings)
    ]

// What the examples and the command have besides all else: to build the engines' clients and TLS takes as long as the
// rest. "./demo" sets this to the parts that it was asked for. The libraries do not change by it, each of these parts is
// one of its own.
let parts =
    Context.environment["DEWAR_PARTS"]?.split(separator: " ").map(String.init)
    ?? ["Postgres", "Redis", "SQLite", "TLS"]
let stores = parts.filter { $0 != "TLS" }.map { Target.Dependency.target(name: "Sessions\($0)") }
let haveParts = parts.map { SwiftSetting.define("HAVE_\($0.uppercased())") }

// The command: a program, or a part of the program for libFuzzer, which has a main function of its own.
let commandDependencies: [Target.Dependency] =
    [
        "Sessions", "SessionsDirectory", "SessionsHTML", "SessionsKeys", "SessionsSupport",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "UnixSignals", package: "swift-service-lifecycle"),
    ] + stores + (parts.contains("TLS") ? [.product(name: "NIOSSL", package: "swift-nio-ssl")] : [])
let otherMain = ["-Xfrontend", "-entry-point-function-name", "-Xfrontend", "DewarTool_main"]
let command: Target =
    isFuzzed
    ? .target(
        name: "DewarTool", dependencies: commandDependencies,
        swiftSettings: sourceSettings + haveParts + [.unsafeFlags(otherMain)])
    : .executableTarget(
        name: "DewarTool", dependencies: commandDependencies, swiftSettings: sourceSettings + haveParts)

let package = Package(
    name: "dewar",
    platforms: [.macOS(.v15)],
    products: [
        .library(name: "Sessions", targets: ["Sessions"]),
        .library(name: "SessionsDirectory", targets: ["SessionsDirectory"]),
        .library(name: "SessionsFlask", targets: ["SessionsFlask"]),
        .library(name: "SessionsHTTP", targets: ["SessionsHTTP"]),
        .library(name: "SessionsHummingbird", targets: ["SessionsHummingbird"]),
        .library(name: "SessionsMigration", targets: ["SessionsMigration"]),
        .library(name: "SessionsPages", targets: ["SessionsPages"]),
        .library(name: "SessionsPostgres", targets: ["SessionsPostgres"]),
        .library(name: "SessionsPrometheus", targets: ["SessionsPrometheus"]),
        .library(name: "SessionsRedis", targets: ["SessionsRedis"]),
        .library(name: "SessionsSQLite", targets: ["SessionsSQLite"]),
        .library(name: "SessionsSignIn", targets: ["SessionsSignIn"]),
        .library(name: "SessionsSimulationKit", targets: ["SessionsSimulationKit"]),
        .library(name: "SessionsTesting", targets: ["SessionsTesting"]),
        .library(name: "SessionsTracing", targets: ["SessionsTracing"]),
        .library(name: "Dewar", targets: ["Dewar"]),
        .library(name: "DewarTLS", targets: ["DewarTLS"]),
        .library(name: "DewarTesting", targets: ["DewarTesting"]),
        .executable(name: "Login", targets: ["Login"]),
        .executable(name: "Dashboard", targets: ["Dashboard"]),
        .executable(name: "Check", targets: ["Check"]),
        .executable(name: "Cart", targets: ["Cart"]),
        .executable(name: "Counter", targets: ["Counter"]),
        .executable(name: "Accounts", targets: ["Accounts"]),
        .executable(name: "Monitoring", targets: ["Monitoring"]),
    ] + (isFuzzed ? [] : [.executable(name: "dewar", targets: ["DewarTool"])]),
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-distributed-tracing", from: "1.7.3"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-nio-http2", from: "1.46.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        // For tests alone; Hummingbird brings it along for its own.
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        .target(
            name: "SessionsSupport",
            dependencies: ["CZlib", .product(name: "DequeModule", package: "swift-collections")],
            swiftSettings: sourceSettings),
        .target(
            name: "SessionsValues",
            dependencies: [
                "SessionsSupport", .product(name: "OrderedCollections", package: "swift-collections"),
            ],
            swiftSettings: sourceSettings),
        .target(
            name: "SessionsKeys",
            dependencies: [
                "SessionsSupport",
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: sourceSettings),
        .target(
            name: "Sessions",
            dependencies: [
                "SessionsKeys", "SessionsSupport", "SessionsValues",
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: sourceSettings),
        .target(name: "SessionsDirectory", dependencies: ["Sessions"], swiftSettings: sourceSettings),
        .target(
            name: "SessionsFlask",
            dependencies: ["Sessions", .product(name: "Logging", package: "swift-log")], swiftSettings: sourceSettings),
        .target(name: "SessionsHTML", dependencies: ["Sessions"], swiftSettings: sourceSettings),
        .target(
            name: "SessionsPages",
            dependencies: [
                "Sessions", "SessionsHTML", "SessionsSupport", .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: sourceSettings),
        .target(
            name: "SessionsMigration",
            dependencies: ["Sessions", .product(name: "Logging", package: "swift-log")], swiftSettings: sourceSettings),
        .target(
            name: "SessionsSignIn",
            dependencies: [
                "Sessions", "SessionsSupport",
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: sourceSettings),
        .target(
            name: "SessionsTracing",
            dependencies: [
                "Sessions",
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "Tracing", package: "swift-distributed-tracing"),
            ],
            swiftSettings: sourceSettings),
        .target(
            name: "SessionsHTTP",
            dependencies: [
                "Sessions",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: sourceSettings),
        .target(
            name: "SessionsHummingbird",
            dependencies: [
                "Sessions", "SessionsHTTP", "SessionsPages", "SessionsSignIn",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: sourceSettings),
        .target(
            name: "SessionsPostgres",
            dependencies: [
                "CPostgres", "Sessions",
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: sourceSettings),
        .target(
            name: "SessionsPrometheus",
            dependencies: [.product(name: "CoreMetrics", package: "swift-metrics")], swiftSettings: sourceSettings),
        .target(
            name: "SessionsRedis",
            dependencies: [
                "CHiredis", "Sessions", "SessionsFlask",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: sourceSettings),
        .target(
            name: "SessionsSQLite",
            dependencies: [
                "Sessions",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: sourceSettings),
        .target(
            name: "SessionsTesting",
            dependencies: ["Sessions", .product(name: "Logging", package: "swift-log")], swiftSettings: sourceSettings),
        .target(
            name: "SessionsSimulationKit", dependencies: ["Sessions", "SessionsSupport", "SessionsTesting"],
            swiftSettings: sourceSettings),
        .target(
            name: "Dewar",
            dependencies: [
                "Sessions", "SessionsHTML", "SessionsHTTP", "SessionsHummingbird", "SessionsPages", "SessionsSignIn",
                "SessionsSupport",
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "SystemPackage", package: "swift-system"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Mustache", package: "swift-mustache"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            swiftSettings: sourceSettings),
        .target(
            name: "DewarTLS",
            dependencies: [
                "Dewar", "SessionsSupport",
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HummingbirdTLS", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP2", package: "swift-nio-http2"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOHTTPTypesHTTP2", package: "swift-nio-extras"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "NIOTLS", package: "swift-nio"),
            ],
            swiftSettings: sourceSettings),
        .target(
            name: "DewarTesting",
            dependencies: [
                "Dewar", "Sessions", "SessionsTesting",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "NIOCore", package: "swift-nio"),
            ],
            swiftSettings: sourceSettings),
        .target(
            name: "ExampleOptions",
            dependencies: [
                "Dewar", "SessionsDirectory",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "Logging", package: "swift-log"),
            ] + stores + (parts.contains("TLS") ? ["DewarTLS"] : []),
            path: "Examples/ExampleOptions", swiftSettings: settings + haveParts),
        .executableTarget(
            name: "Login", dependencies: ["Dewar", "ExampleOptions"], path: "Examples/Login", swiftSettings: settings),
        .executableTarget(
            name: "Dashboard", dependencies: ["Dewar", "ExampleOptions"], path: "Examples/Dashboard",
            swiftSettings: settings),
        .executableTarget(
            name: "Check", dependencies: ["Dewar", "ExampleOptions"], path: "Examples/Check",
            resources: [.copy("config.json")], swiftSettings: settings),
        .executableTarget(
            name: "Cart", dependencies: ["Dewar", "ExampleOptions"], path: "Examples/Cart", swiftSettings: settings),
        .executableTarget(
            name: "Counter", dependencies: ["Dewar", "ExampleOptions"], path: "Examples/Counter",
            swiftSettings: settings),
        .executableTarget(
            name: "Accounts", dependencies: ["Dewar", "ExampleOptions"], path: "Examples/Accounts",
            swiftSettings: settings),
        .executableTarget(
            name: "Monitoring",
            dependencies: [
                "Dewar", "SessionsDirectory", "SessionsPrometheus", "SessionsTracing",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "CoreMetrics", package: "swift-metrics"),
            ],
            path: "Examples/Monitoring", swiftSettings: settings),
        .executableTarget(
            name: "ApplicationPeer", dependencies: ["Dewar", "DewarTLS", "ExampleOptions"],
            path: "Tests/Interop/ApplicationPeer", swiftSettings: settings),
        .executableTarget(
            name: "CookiePeer", dependencies: ["Sessions", "SessionsFlask"], path: "Tests/Interop/CookiePeer",
            swiftSettings: settings),
        .executableTarget(
            name: "DifferentialPeer", dependencies: ["Dewar", "Sessions"], path: "Tests/Interop/DifferentialPeer",
            swiftSettings: settings),
        .executableTarget(
            name: "SuitePeer",
            dependencies: [
                "Dewar", "DewarTesting", "Sessions",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
            ],
            path: "Tests/Interop/SuitePeer", swiftSettings: settings),
        .target(
            name: "TestSupport",
            dependencies: [
                "Sessions", "SessionsFlask", "SessionsMigration", "SessionsSignIn", "SessionsTesting",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            path: "Tests/TestSupport", swiftSettings: settings),
        .testTarget(
            name: "SessionsSupportTests", dependencies: ["SessionsSupport", "SessionsTesting", "TestSupport"],
            swiftSettings: testSettings),
        .testTarget(
            name: "SessionsValuesTests",
            dependencies: ["Sessions", "SessionsTesting", "SessionsValues", "TestSupport"],
            swiftSettings: testSettings),
        .testTarget(
            name: "SessionsKeysTests",
            dependencies: [
                "Sessions", "SessionsKeys", "SessionsSupport", "TestSupport",
                .product(name: "Crypto", package: "swift-crypto"), .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: testSettings),
        .testTarget(
            name: "SessionsDirectoryTests",
            dependencies: [
                "Sessions", "SessionsDirectory", "SessionsTesting", "TestSupport",
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: testSettings),
        .testTarget(
            name: "SessionsFlaskTests",
            dependencies: [
                "Sessions", "SessionsFlask", "SessionsSupport", "SessionsTesting", "SessionsValues", "TestSupport",
            ],
            swiftSettings: testSettings),
        .testTarget(
            name: "SessionsMigrationTests",
            dependencies: ["Sessions", "SessionsDirectory", "SessionsMigration", "SessionsTesting", "TestSupport"],
            swiftSettings: testSettings),
        .testTarget(
            name: "SessionsSignInTests",
            dependencies: [
                "Sessions", "SessionsDirectory", "SessionsSQLite", "SessionsSignIn", "SessionsTesting", "TestSupport",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "MetricsTestKit", package: "swift-metrics"),
            ],
            swiftSettings: testSettings),
        .testTarget(
            name: "SessionsSimulationKitTests",
            dependencies: ["Sessions", "SessionsSimulationKit", "SessionsSupport", "SessionsTesting"],
            swiftSettings: testSettings),
        .testTarget(
            name: "SessionsTracingTests",
            dependencies: [
                "Sessions", "SessionsTesting", "SessionsTracing", "TestSupport",
                .product(name: "InMemoryTracing", package: "swift-distributed-tracing"),
                .product(name: "MetricsTestKit", package: "swift-metrics"),
                .product(name: "Tracing", package: "swift-distributed-tracing"),
            ],
            swiftSettings: testSettings),
        .testTarget(
            name: "SessionsPrometheusTests",
            dependencies: ["SessionsPrometheus", .product(name: "CoreMetrics", package: "swift-metrics")],
            swiftSettings: testSettings),
        .testTarget(
            name: "SessionsTests",
            dependencies: [
                "Sessions", "SessionsDirectory", "SessionsFlask", "SessionsKeys", "SessionsMigration",
                "SessionsSupport", "SessionsTesting", "SessionsValues", "TestSupport",
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "MetricsTestKit", package: "swift-metrics"),
            ],
            swiftSettings: testSettings),
        .testTarget(
            name: "DewarTests",
            dependencies: [
                "Accounts", "Dewar", "DewarTLS", "DewarTesting", "Sessions", "SessionsDirectory", "SessionsFlask",
                "SessionsHTTP", "SessionsHummingbird", "SessionsMigration", "SessionsPostgres", "SessionsPrometheus",
                "SessionsRedis", "SessionsSQLite", "SessionsSignIn", "SessionsSimulationKit", "SessionsTesting",
                "SessionsTracing", "TestSupport",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "NIOHPACK", package: "swift-nio-http2"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOHTTP2", package: "swift-nio-http2"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: testSettings),
        .testTarget(
            name: "DewarToolTests",
            dependencies: [
                "DewarTool", "Sessions", "SessionsTesting", "TestSupport",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "NIOCore", package: "swift-nio"),
            ],
            swiftSettings: testSettings),
        .testTarget(
            name: "SessionsHTTPTests",
            dependencies: [
                "Sessions", "SessionsHTTP", "SessionsTesting", "TestSupport",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: testSettings),
        .testTarget(
            name: "SessionsHummingbirdTests",
            dependencies: [
                "Sessions", "SessionsHummingbird", "SessionsPages", "SessionsSignIn", "SessionsTesting", "TestSupport",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdTesting", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "ServiceLifecycleTestKit", package: "swift-service-lifecycle"),
            ],
            swiftSettings: testSettings),
        .testTarget(
            name: "SessionsPagesTests",
            dependencies: [
                "Sessions", "SessionsMigration", "SessionsPages", "SessionsTesting", "SessionsTracing", "TestSupport",
                .product(name: "HTTPTypes", package: "swift-http-types"),
            ],
            swiftSettings: testSettings),
        .testTarget(
            name: "SessionsPostgresTests",
            dependencies: [
                "Sessions", "SessionsPostgres", "SessionsTesting", "TestSupport",
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: testSettings),
        .testTarget(
            name: "SessionsRedisTests",
            dependencies: [
                "Sessions", "SessionsRedis", "SessionsTesting", "TestSupport",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: testSettings),
        .testTarget(
            name: "SessionsSQLiteTests",
            dependencies: [
                "Sessions", "SessionsDirectory", "SessionsMigration", "SessionsSQLite", "SessionsTesting",
                "TestSupport",
                .product(name: "GRDB", package: "GRDB.swift"),
            ],
            swiftSettings: testSettings),
        .executableTarget(
            name: "SessionsSimulation",
            dependencies: [
                "Sessions", "SessionsMigration", "SessionsSimulationKit", "SessionsSupport", "SessionsTesting",
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: sourceSettings),
        .executableTarget(
            name: "ProxyPeer",
            dependencies: [
                "Dewar", .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "NIOCore", package: "swift-nio"),
            ],
            path: "Tests/Interop/ProxyPeer", swiftSettings: settings),
        .executableTarget(
            name: "FaultPeer", dependencies: ["Dewar", "ExampleOptions"], path: "Tests/Interop/FaultPeer",
            swiftSettings: settings),
        .executableTarget(
            name: "StoreSuite", dependencies: ["Sessions", "SessionsPostgres", "SessionsRedis", "SessionsTesting"],
            path: "Tests/Interop/StoreSuite", swiftSettings: settings),
        .executableTarget(
            name: "StoreScale",
            dependencies: ["Sessions", "SessionsDirectory", "SessionsPostgres", "SessionsRedis", "SessionsSQLite"],
            path: "Benchmarks/StoreScale", swiftSettings: settings),
        .executableTarget(
            name: "SessionBench",
            dependencies: [
                "Sessions", "SessionsDirectory", "SessionsFlask", "SessionsSQLite", "SessionsSupport", "SessionsValues",
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            path: "Benchmarks/SessionBench", swiftSettings: settings),
        .executableTarget(
            name: "BenchServer",
            dependencies: [
                "Dewar", "Sessions", "SessionsDirectory", "SessionsHummingbird", "SessionsPostgres", "SessionsRedis",
                "SessionsSQLite",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Crypto", package: "swift-crypto"), .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            path: "Benchmarks/BenchServer", swiftSettings: settings),
        .systemLibrary(
            name: "CPostgres", pkgConfig: "libpq", providers: [.apt(["libpq-dev"]), .brew(["libpq"])]),
        .systemLibrary(
            name: "CHiredis", pkgConfig: hiredis, providers: [.apt(["libhiredis-dev"]), .brew(["hiredis"])]),
        .systemLibrary(
            name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
    ] + fuzzTargets + [command])
