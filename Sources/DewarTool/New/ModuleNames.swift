// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// The names of modules that a program with Dewar may contain: the system's, those of this package, its examples
/// included, and those of the packages that it uses. SwiftPM builds no program with two modules of one name, and on some
/// file systems names that differ in their case are one.
enum ModuleNames {
    static func contain(_ name: String) -> Bool {
        let name = name.lowercased()
        return self.names.contains(name) || self.beginnings.contains(where: name.hasPrefix)
    }

    private static let names: Set<String> = [
        // The system's.
        "builtin", "cxx", "cxxstdlib", "darwin", "dispatch", "distributed", "glibc", "musl", "observation",
        "playgrounds",
        "regexbuilder", "synchronization", "testing", "xctest",
        // This package's.
        "accounts", "applicationpeer", "benchserver", "cart", "check", "chiredis", "cookiepeer", "counter", "cpostgres",
        "czlib",
        "dashboard", "differentialpeer", "exampleoptions", "faultpeer", "fuzz", "fuzztests", "login", "monitoring",
        "proxypeer",
        "storescale", "storesuite", "suitepeer", "testsupport",
        // Other packages'.
        "algorithms", "argumentparser", "argumentparsertoolinfo", "asyncalgorithms", "asynchttpclient",
        "asyncstreaming",
        "atomics", "basiccontainers", "bitcollections", "casynchttpclient", "collections", "complexmodule",
        "concurrencyhelpers", "configuration", "containerspreview", "coremetrics", "crypto", "cryptoboringwrapper",
        "cryptoextras", "csystem", "cxkcp", "cxkcpshims", "dequemodule", "grdb", "grdbsqlite", "hashtreecollections",
        "heapmodule", "inmemorylogging", "inmemorytracing", "instrumentation", "instrumentationbaggage",
        "internalcollectionsutilities", "logging", "metrics", "metricstestkit", "mustache", "numerics",
        "orderedcollections", "performancetest", "rawstructuredfieldvalues", "realmodule", "sortedcollections",
        "structuredfieldvalues", "systempackage", "tracing", "trailingelementsmodule", "unixsignals", "x509",
    ]

    /// What the names of many modules begin with.
    private static let beginnings = [
        "ccrypto", "cnio", "configurationtesting", "dewar", "foundation", "generate_", "http", "hummingbird", "nio",
        "servicecontext", "servicelifecycle", "session", "swift",
    ]
}
