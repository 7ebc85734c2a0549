// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

public import ArgumentParser
public import Dewar

/// The options of an example whose keys can be changed while it is in use.
public struct RotatingOptions: ParsableArguments {
    /// What every example takes.
    @OptionGroup public var example: ExampleOptions

    @Option(help: "An older secret key that still opens sessions, as text; may be given several times.")
    var secretKeyFallback: [String] = []

    public init() {}

    /// The options of this process; a bad one is told in one line, and ends it.
    public static func fromCommandLine() -> RotatingOptions { self.parsed(logLevel: \.example.logLevel) }

    /// The older keys that still open sessions.
    public var fallbacks: [SecretKey] { self.secretKeyFallback.map(SecretKey.init(_:)) }
}
