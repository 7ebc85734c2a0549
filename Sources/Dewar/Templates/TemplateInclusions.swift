// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// Which templates include which others.
struct TemplateInclusions: Sendable {
    private struct Inclusion: Sendable {
        /// The name of the template with the tag.
        let template: String
        let file: String
        let tag: IncludingTag
    }

    /// The names by which a tag may call a template, and the one name that stands for them here.
    private var names: [String: String] = [:]
    private var inclusions: [Inclusion] = []

    /// - Parameter names: The template's names, of which the last added counts.
    mutating func add(_ text: String, named names: [String], file: String) {
        guard let first = names.first else { return }
        for name in names { self.names[name] = first }
        self.inclusions += TemplateTags.including(in: text).map { tag in
            Inclusion(template: first, file: file, tag: tag)
        }
    }

    /// - Throws: ``TemplateError`` for a partial or a layout that is not there: Mustache would leave it out in silence.
    func checkPresence() throws(TemplateError) {
        guard let missing = self.inclusions.first(where: { self.names[$0.tag.name] == nil }) else { return }
        throw TemplateError(
            .notFound, "There is no template \"\(missing.tag.name)\".", file: missing.file, line: missing.tag.line)
    }

    /// - Throws: ``TemplateError`` for a template that includes itself, directly or by others, in no section that could
    ///   end it: Mustache would go on until the stack overflows, and the page's first visitor would end the process.
    func checkEnd() throws(TemplateError) {
        let unconditional = self.inclusions.filter(\.tag.isUnconditional)
        let byTemplate = Dictionary(grouping: unconditional, by: \.template)
        for inclusion in unconditional {
            guard let included = self.names[inclusion.tag.name],
                self.reached(from: included, byTemplate).contains(inclusion.template)
            else { continue }
            throw TemplateError(
                .endless, "The template \"\(inclusion.tag.name)\" leads back here, and no section ends that.",
                file: inclusion.file, line: inclusion.tag.line)
        }
    }

    /// A template, and all that it includes.
    private func reached(from template: String, _ inclusions: [String: [Inclusion]]) -> Set<String> {
        var (reached, open): (Set<String>, [String]) = ([template], [template])
        while let next = open.popLast() {
            for inclusion in inclusions[next] ?? [] {
                guard let included = self.names[inclusion.tag.name], reached.insert(included).inserted else { continue }
                open.append(included)
            }
        }
        return reached
    }
}
