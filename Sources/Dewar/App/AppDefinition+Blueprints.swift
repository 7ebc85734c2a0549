// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Logging

extension AppDefinition {
    /// Adds the routes of a blueprint and of those that are nested in it.
    mutating func register(_ addition: BlueprintAddition, in parent: RegisteredBlueprint?) {
        do throws(RouteError) {
            let name = try self.name(of: addition, in: parent)
            let contents = addition.blueprint.close()
            let blueprint = RegisteredBlueprint(addition, name: name, hooks: contents.hooks, parent: parent)
            self.blueprints[Array(name.utf8)] = blueprint
            self.publicRoutes += contents.publicRoutes
            for route in contents.routes { self.add(route, in: blueprint) }
            for nested in contents.blueprints { self.register(nested, in: blueprint) }
        } catch {
            self.problems.append(error)
        }
    }

    /// - Throws: ``RouteError`` for a blueprint that got something after it had been registered.
    func startBlueprints(_ logger: Logger) throws(RouteError) {
        for blueprint in self.blueprints.values.sorted(by: { $0.name < $1.name }) { try blueprint.start(logger) }
    }

    /// The whole name of a blueprint.
    private func name(
        of addition: BlueprintAddition, in parent: RegisteredBlueprint?
    ) throws(RouteError) -> String {
        let own = addition.name ?? addition.blueprint.name
        try RouteError.checkBlueprintName(own)
        guard parent?.contains(addition.blueprint) != true else {
            throw RouteError(.invalidName, "The blueprint \"\(own)\" is registered within itself.")
        }
        let name = parent.map { "\($0.name).\(own)" } ?? own
        guard self.blueprints[Array(name.utf8)] == nil else {
            throw RouteError(
                .invalidName,
                "There is a blueprint \"\(name)\" already; give one of the two another name where it is registered.")
        }
        return name
    }
}

extension RegisteredBlueprint {
    /// The whole name of a route of the blueprint; nil for one without a name.
    func name(of route: RouteAddition) throws(RouteError) -> String? {
        guard let name = route.name else { return nil }
        guard !name.utf8.contains(UInt8(ascii: ".")) else {
            throw RouteError(
                .invalidName,
                "The route \"\(name)\" of the blueprint \"\(self.name)\" must have no dot in its name: a dot stands "
                    + "between the names of a blueprint and its route.")
        }
        return "\(self.name).\(name)"
    }
}

extension RouteError {
    fileprivate static func checkBlueprintName(_ name: String) throws(RouteError) {
        guard !name.isEmpty else { throw RouteError(.invalidName, "A blueprint must have a name.") }
        guard !name.utf8.contains(UInt8(ascii: ".")) else {
            throw RouteError(
                .invalidName,
                "The blueprint \"\(name)\" must have no dot in its name: a dot stands between the names of a blueprint "
                    + "and its route.")
        }
    }
}
