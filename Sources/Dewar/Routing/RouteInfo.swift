// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// What is known of a route before a request comes.
final class RouteInfo: Sendable {
    /// What `url(for:)` calls it: with the name of its blueprint in front.
    let name: String
    /// The whole name of the blueprint that it belongs to; nil for a route of the application itself.
    let blueprint: String?
    /// The whole rule, with the prefix of its blueprint.
    let rule: String
    /// The decoded path of a rule without variables; nil for a rule with variables.
    let staticPath: [UInt8]?
    /// Where the program adds it.
    let place: SourcePlace

    init(name: String, blueprint: String?, pattern: RoutePattern, place: SourcePlace) {
        self.name = name
        self.blueprint = blueprint
        self.rule = pattern.rule
        self.staticPath = pattern.staticPath
        self.place = place
    }
}

/// A line of the program, as `#fileID` and `#line` have it.
struct SourcePlace: Hashable, Sendable, CustomStringConvertible {
    let file: String
    /// Where the file was when the program was compiled (`#filePath`); nil if that is not wanted. No log shows it.
    var path: String?
    let line: Int

    var description: String { "\(self.file):\(self.line)" }
}
