// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Mustache

/// The compiled templates of an application.
struct TemplateLibrary: Sendable {
    private var library = MustacheLibrary()
    private var names: Set<String> = []
    /// The templates that others include, and where they do.
    private var includes: [(name: String, file: String, line: Int)] = []

    /// Every template begins with it, so that text is escaped byte for byte, as everywhere in Dewar. Mustache's own
    /// function takes a quote with a combining accent for one character, and does not escape it.
    private static let prefix = "{{% CONTENT_TYPE:\(PageText.name)}}"

    /// Compiles a template.
    mutating func add(_ text: String, named name: String, file: String) throws(TemplateError) {
        PageText.register
        do {
            let template = try MustacheTemplate(string: Self.prefix + text)
            // The tag that ends a layout's blocks may have dots and no slashes.
            for name in [name, Self.dotted(name)] { self.library.register(template, named: name) }
        } catch let error as MustacheTemplate.ParserError {
            throw TemplateError(
                .invalidSyntax, Self.reason(error.error), file: file, line: error.context.lineNumber)
        } catch {
            throw TemplateError(.invalidSyntax, "This is no Mustache template.", file: file)
        }
        self.names.formUnion([name, Self.dotted(name)])
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            self.includes += line.matches(of: /\{\{[>< ]*[><]\s*([^\s{}*]+)\s*\}\}/).map { match in
                (String(match.1), file, index + 1)
            }
        }
    }

    /// - Throws: ``TemplateError`` for a partial or a layout that is not there: Mustache would leave it out in silence.
    func checkPartials() throws(TemplateError) {
        guard let missing = self.includes.first(where: { !self.names.contains($0.name) }) else { return }
        throw TemplateError(
            .notFound, "There is no template \"\(missing.name)\".", file: missing.file, line: missing.line)
    }

    /// The page that a template makes of values.
    func page(_ name: String, _ values: TemplateValues) throws(TemplateError) -> HTML {
        let markup = URLAssembly.$current.withValue(values.page.assembly) {
            self.library.render(values, withTemplate: name)
        }
        guard let markup else {
            throw TemplateError(.notFound, "There is no template \"\(name)\".")
        }
        return HTML(raw: markup)
    }

    private static func dotted(_ name: String) -> String { name.split(separator: "/").joined(separator: ".") }

    private static func reason(_ error: any Error) -> String {
        switch error as? MustacheTemplate.Error {
        case .sectionCloseNameIncorrect: "A section is closed that is not open here."
        case .unfinishedName: "A tag has no end, or a name that cannot be read."
        case .expectedSectionEnd: "A section has no end."
        case .invalidSetDelimiter: "The delimiters of tags are not set as {{=<% %>=}}."
        case .transformAppliedToInheritanceSection: "A block of a layout cannot be transformed."
        case .illegalTokenInsideInheritSection, .textInsideInheritSection:
            "Between {{<layout}} and its end there are only blocks, {{$name}} to {{/name}}."
        case .invalidConfigVariableSyntax, .unrecognisedConfigVariable: "There is no such setting after {{%."
        case nil: "The text ends in the middle of a tag."
        }
    }
}

/// How text becomes a part of a page: escaped by ``escape(_:)-(String)``.
struct PageText: MustacheContentType {
    static let name = "DEWAR_HTML"

    func escapeText(_ text: String) -> String { escape(text).markup }

    /// Makes the types known to Mustache, once. A template that asks for `HTML` gets it too.
    static let register: Void = {
        for name in [Self.name, "HTML"] { MustacheContentTypes.register(PageText(), named: name) }
        MustacheContentTypes.register(URLAssembly.Value(), named: URLAssembly.contentType)
    }()
}
