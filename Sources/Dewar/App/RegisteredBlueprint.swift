// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Logging

/// A blueprint under the name and the prefix that it was registered with.
final class RegisteredBlueprint: Sendable {
    /// The whole name: that of the blueprint around it comes first.
    let name: String
    let hooks: Hooks
    /// The blueprint around it; nil in the application itself.
    let parent: RegisteredBlueprint?
    private let urlPrefix: String?
    private let blueprint: Blueprint

    init(_ addition: BlueprintAddition, name: String, hooks: Hooks, parent: RegisteredBlueprint?) {
        self.name = name
        self.hooks = hooks
        self.parent = parent
        self.blueprint = addition.blueprint
        let own = addition.urlPrefix ?? addition.blueprint.urlPrefix
        self.urlPrefix = own.map { Self.joined(parent?.urlPrefix, $0) } ?? parent?.urlPrefix
    }

    /// This blueprint and those around it, the innermost first.
    var chain: UnfoldFirstSequence<RegisteredBlueprint> { sequence(first: self) { $0.parent } }

    /// A rule of the blueprint with the prefix before it.
    func rule(_ rule: String) -> String { Self.joined(self.urlPrefix, rule) }

    func contains(_ blueprint: Blueprint) -> Bool { self.chain.contains { $0.blueprint === blueprint } }

    /// - Throws: ``RouteError`` if something was added to the blueprint after the registration.
    func start(_ logger: Logger) throws(RouteError) { try self.blueprint.start(logger) }

    /// With one slash between the two. An empty rule is the prefix itself (flask/sansio/blueprints.py:102).
    private static func joined(_ prefix: String?, _ rule: String) -> String {
        guard let prefix else { return rule }
        guard !rule.isEmpty else { return prefix }
        let slash = UInt8(ascii: "/")
        let head = prefix.utf8.reversed().drop { $0 == slash }.reversed()
        let tail = rule.utf8.drop { $0 == slash }
        return String(decoding: Array(head) + [slash] + tail, as: UTF8.self)
    }
}
