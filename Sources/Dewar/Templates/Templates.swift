// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation

/// The templates of an application's pages, in the language [Mustache](https://mustache.github.io/mustache.5.html).
///
/// ```swift
/// app.templates = Templates(folder: "templates")
///
/// app.get("/hello/<name>") { request in
///     try render("hello", ["name": request.parameters["name"]])  // templates/hello.mustache
/// }
/// ```
///
/// ```html
/// {{<layout}}
/// {{$title}}Hello{{/title}}
/// {{$body}}<p>Hello, {{name}}!</p>{{/body}}
/// {{/layout}}
/// ```
///
/// They are read and compiled when the application starts, so that a mistake in one of them prevents the start with its
/// file and line. A template in a subfolder has a name with a slash: `mail/welcome`.
public struct Templates: Sendable {
    private enum Source: Sendable {
        case folder(String, fileExtension: String)
        case texts([String: String])
    }

    private let source: Source

    /// The templates in a folder and its subfolders (Flask's `template_folder`). Hidden files and symbolic links are
    /// passed over.
    ///
    /// - Parameters:
    ///   - folder: The folder, relative to the working directory unless it begins with a slash.
    ///   - fileExtension: What the names of its files end with.
    public init(folder: String = "templates", fileExtension: String = "mustache") {
        self.source = .folder(folder, fileExtension: fileExtension)
    }

    /// Templates that are in the program itself, by their names: for tests and small programs.
    public init(_ texts: [String: String]) {
        self.source = .texts(texts)
    }

    /// Reads and compiles all templates.
    func compile() throws(TemplateError) -> TemplateLibrary {
        var library = TemplateLibrary()
        switch self.source {
        case .texts(let texts):
            for (name, text) in texts.sorted(by: { $0.key < $1.key }) {
                try library.add(text, named: name, file: name)
            }
        case .folder(let folder, let fileExtension):
            for name in try Self.names(in: folder, fileExtension) {
                let file = "\(folder)/\(name).\(fileExtension)"
                try library.add(try Self.text(of: file), named: name, file: file)
            }
        }
        try library.checkInclusions()
        return library
    }

    private static func names(in folder: String, _ fileExtension: String) throws(TemplateError) -> [String] {
        let root = URL(fileURLWithPath: folder, isDirectory: true)
        var unreadable: String?
        let keys: [URLResourceKey] = [.isRegularFileKey, .isSymbolicLinkKey]
        guard (try? root.checkResourceIsReachable()) == true,
            let files = FileManager.default.enumerator(
                at: root, includingPropertiesForKeys: keys, options: .skipsHiddenFiles,
                errorHandler: { url, _ in
                    unreadable = url.path
                    return false
                })
        else { throw TemplateError(.unreadable, "The folder of the templates cannot be read.", file: folder) }
        let rootParts = root.standardizedFileURL.pathComponents.count
        let names = files.compactMap { file -> String? in
            guard let file = file as? URL, file.pathExtension == fileExtension,
                let values = try? file.resourceValues(forKeys: Set(keys)), values.isRegularFile == true,
                values.isSymbolicLink != true
            else { return nil }
            let parts = file.standardizedFileURL.deletingPathExtension().pathComponents
            return parts.dropFirst(rootParts).joined(separator: "/")
        }
        if let unreadable { throw TemplateError(.unreadable, "The folder cannot be read.", file: unreadable) }
        return names.sorted()
    }

    private static func text(of file: String) throws(TemplateError) -> String {
        guard let bytes = FileManager.default.contents(atPath: file),
            let text = String(validating: bytes, as: UTF8.self)
        else { throw TemplateError(.unreadable, "The template cannot be read as UTF-8 text.", file: file) }
        return text
    }
}
