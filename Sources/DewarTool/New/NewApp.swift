// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import SessionsKeys
import SessionsSupport

/// A new app: its files and their texts.
struct NewApp {
    struct File {
        /// The path in the app's folder.
        let path: String
        let text: String
        /// Whether its owner alone may read it.
        var isSecret = false
    }

    let name: AppName
    let signsIn: Bool
    let package: DewarPackage

    /// All files, in the order in which they are shown.
    var files: [File] {
        let (program, pages) = (ProgramText(name: self.name.text), PageText(name: self.name.text))
        let tests = TestText(name: self.name.text)
        let always = [
            File(path: "Package.swift", text: self.manifest),
            File(path: "README.md", text: ReadmeText(name: self.name.text, signsIn: self.signsIn).text),
            File(path: ".gitignore", text: Self.ignored),
            File(path: "config.json", text: "{\n    \"secretKeyFile\": \"secret-keys\"\n}\n"),
            File(path: "secret-keys", text: Self.keys, isSecret: true),
            File(path: "static/site.css", text: PageText.style),
            File(path: "templates/layout.mustache", text: self.signsIn ? pages.signInLayout : pages.layout),
        ]
        return always
            + (self.signsIn ? self.signInFiles(program, pages, tests) : self.plainFiles(program, pages, tests))
    }

    private func plainFiles(_ program: ProgramText, _ pages: PageText, _ tests: TestText) -> [File] {
        [
            File(path: "templates/index.mustache", text: pages.index),
            File(path: "\(self.sources)/main.swift", text: program.main),
            File(path: "\(self.sources)/Pages.swift", text: program.pages),
            File(path: "\(self.tests)/PagesTests.swift", text: tests.pages),
        ]
    }

    private func signInFiles(_ program: ProgramText, _ pages: PageText, _ tests: TestText) -> [File] {
        [
            File(path: "templates/index.mustache", text: pages.signInIndex),
            File(path: "templates/sign-in.mustache", text: pages.signIn),
            File(path: "\(self.sources)/main.swift", text: program.signInMain),
            File(path: "\(self.sources)/Pages.swift", text: program.signInPages),
            File(path: "\(self.sources)/SignIn.swift", text: program.signIn),
            File(path: "\(self.sources)/DemoUsers.swift", text: program.demoUsers),
            File(path: "\(self.tests)/SignInTests.swift", text: tests.signIn),
        ]
    }

    private var sources: String { "Sources/\(self.name.text)" }
    private var tests: String { "Tests/\(self.name.text)Tests" }

    private static let ignored = """
        # The secret keys, and what the running app keeps.
        /secret-keys
        /sessions/

        /.build/
        .DS_Store

        """

    /// A key file with one strong key of the app's own.
    private static var keys: String {
        """
        # The secret key of this app: an attacker who has it can sign in as any user. It is not committed. Each machine makes its own:
        #   dewar key add secret-keys
        sign \(SecretKey(using: .system).base64Text)

        """
    }

    private var manifest: String {
        let products = (self.signsIn ? ["Dewar", "SessionsDirectory"] : ["Dewar"]).map {
            ".product(name: \"\($0)\", package: \"\(self.package.name)\")"
        }
        // Formatted as swift format does it: no comma after an only element.
        let list = products.joined(separator: ",\n                ") + (products.count > 1 ? "," : "")
        return """
            // swift-tools-version: 6.2

            import PackageDescription

            let package = Package(
                name: "\(self.name.text)",
                platforms: [.macOS(.v15)],
                dependencies: [
                    \(self.package.dependency)
                ],
                targets: [
                    .executableTarget(
                        name: "\(self.name.text)",
                        dependencies: [
                            \(list)
                        ]),
                    .testTarget(
                        name: "\(self.name.text)Tests",
                        dependencies: [
                            "\(self.name.text)",
                            .product(name: "DewarTesting", package: "\(self.package.name)"),
                        ]),
                ])

            """
    }
}
