// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Mustache

/// The compiled templates of an application.
struct TemplateLibrary: Sendable {
    private var library = MustacheLibrary()
    private var inclusions = TemplateInclusions()

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
        self.inclusions.add(text, named: [name, Self.dotted(name)], file: file)
    }

    /// - Throws: ``TemplateError`` for a partial or a layout that is not there, and for templates that include one
    ///   another without an end.
    func checkInclusions() throws(TemplateError) {
        try self.inclusions.checkPresence()
        try self.inclusions.checkEnd()
    }

    /// The page that a template makes of values.
    func page(_ name: String, _ values: TemplateValues) throws(TemplateError) -> HTML {
        let markup = URLAssembly.$current.withValue(values.page.assembly) {
            self.markup(name, values)
        }
        guard let markup else {
            throw TemplateError(.notFound, "There is no template \"\(name)\".")
        }
        return HTML(raw: markup)
    }

    /// The markup that a template makes of values; nil if there is no such template.
    func markup(_ name: String, _ values: Any) -> String? { self.library.render(values, withTemplate: name) }

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
