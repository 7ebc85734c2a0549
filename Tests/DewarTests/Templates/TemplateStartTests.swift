// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dewar
import DewarTesting
import Foundation
import TestSupport
import Testing

/// What prevents the start of an application with templates, and how it is told.
@Suite struct TemplateStartTests {
    private func failure(_ templates: Templates) throws -> TemplateError {
        let app = App.forTests()
        app.templates = templates
        let error = #expect(throws: TemplateError.self) { try app.testClient() }
        return try #require(error)
    }

    @Test(arguments: [
        ("one\n{{#open}}\ntwo", 3, "A section has no end."),
        ("one\n{{/open}}", 2, "A section is closed that is not open here."),
        ("{{#a}}\n{{/b}}", 2, "A section is closed that is not open here."),
        ("{{name", 1, "The text ends in the middle of a tag."),
        ("{{a b}}", 1, "A tag has no end, or a name that cannot be read."),
        ("a\nb\n{{=x=}}", 3, "The delimiters of tags are not set as {{=<% %>=}}."),
    ])
    func aMistakeIsToldWithFileAndLine(text: String, line: Int, reason: String) throws {
        let error = try self.failure(Templates(["fine": "{{name}}", "page": text]))
        #expect(error.kind == .invalidSyntax)
        #expect(error.file == "page")
        #expect(error.line == line)
        #expect(error.description == "page:\(line): \(reason)")
    }

    @Test(arguments: ["a\n{{> parts/menu }}", "a\n{{<parts.menu}}{{/parts.menu}}"])
    func aPartialThatIsNotThereStopsTheStart(text: String) throws {
        let error = try self.failure(Templates(["page": text]))
        #expect(error.kind == .notFound)
        #expect(error.file == "page")
        #expect(error.line == 2)
        #expect(error.description.contains("There is no template \"parts"))
    }

    @Test(arguments: [
        (["a": "one\n{{> a}}"], "a:2"), (["a": "{{#x}}{{/x}}{{> b}}", "b": "\n\n{{> c }}", "c": "{{>a}}"], "a:1"),
        (["parts/a": "{{> parts.a}}"], "parts/a:1"), (["a": "{{<b}}{{/b}}", "b": "\n{{> a}}"], "a:1"),
        (["a": "{{=<% %>=}}<%> a%>"], "a:1"), (["a": "{{! {{> }}{{{x}}}{{> a}}"], "a:1"),
        (["a": "{{#x}}{{=| |=}}|/x|{{> a}}"], "a:1"),
    ])
    func aTemplateThatIncludesItselfForEverStopsTheStart(texts: [String: String], place: String) throws {
        let error = try self.failure(Templates(texts))
        #expect(error.kind == .endless)
        #expect(error.description.hasPrefix("\(place): The template \""))
        #expect(error.description.hasSuffix(" leads back here, and no section ends that."))
    }

    /// A section, or another block in the place of one, ends them; what a comment or other delimiters hold is no tag.
    @Test(arguments: [
        ["a": "{{#x}}{{> a}}{{/x}}"], ["a": "{{^x}}{{/x}}{{#x}}{{> b}}{{/x}}", "b": "{{> a}}"],
        ["a": "{{$x}}{{> a}}{{/x}}"], ["a": "{{<b}}{{$x}}{{> a}}{{/x}}{{/b}}", "b": "{{$x}}{{/x}}"],
        ["a": "{{! {{> a}}"], ["a": "{{=<% %>=}}{{> a}}"], ["a": "{{> *a}}"], ["a": "{{> b}}{{> b}}", "b": ""],
    ])
    func aTemplateThatEndsIsTaken(texts: [String: String]) throws {
        let app = App.forTests()
        app.templates = Templates(texts)
        _ = try app.testClient()
    }

    @Test func linesAreCountedWhereTheyEndAsOnWindows() throws {
        let error = try self.failure(Templates(["page": "one\r\ntwo\r\n{{> nowhere}}\r\n"]))
        #expect(error.line == 3)
    }

    @Test func templatesAreReadFromAFolder() async throws {
        let temporary = try TemporaryFolder()
        let folder = temporary.path
        let files = [
            "page.mustache": "{{> mail/part}}", "mail/part.mustache": "part {{n}}", "page.txt": "{{#",
            ".hidden.mustache": "{{#",
        ]
        for (name, text) in files {
            let file = URL(fileURLWithPath: "\(folder)/\(name)")
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
        try FileManager.default.createSymbolicLink(
            atPath: "\(folder)/link.mustache", withDestinationPath: "/etc/hostname")
        let app = App.forTests()
        app.templates = Templates(folder: folder)
        app.get("/") { _ in try render("page", ["n": 1]) }
        app.get("/link") { _ in try render("link") }
        let client = try app.testClient()
        #expect(try await client.get("/").text == "part 1")
        #expect(try await client.get("/link").status == .internalServerError)

        try Data("a\n{{#open}}".utf8).write(to: URL(fileURLWithPath: "\(folder)/mail/part.mustache"))
        let error = try self.failure(Templates(folder: folder))
        #expect(error.description == "\(folder)/mail/part.mustache:2: A section has no end.")

        try Data([0xFF, 0xFE]).write(to: URL(fileURLWithPath: "\(folder)/mail/part.mustache"))
        let unreadable = try self.failure(Templates(folder: folder))
        #expect(unreadable.kind == .unreadable)
        #expect(unreadable.file == "\(folder)/mail/part.mustache")
    }

    @Test func aFolderThatIsNotThereStopsTheStart() throws {
        let error = try self.failure(Templates(folder: "/nowhere/templates"))
        #expect(error.kind == .unreadable)
        #expect(error.file == "/nowhere/templates")
    }
}
