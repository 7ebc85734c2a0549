// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import ArgumentParser

/// `dewar new NAME`.
struct NewCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new", abstract: "Writes a small app with tests, which builds and runs at once.",
        discussion: """
            The app is a Swift package in a new folder of its name: a program, pages in templates/, a style sheet in \
            static/, tests, and a secret key of its own in secret-keys, which .gitignore keeps out of the repository. \
            With --sign-in it has a page to sign in, sign-out, the page of the user's devices, and its sessions in \
            the folder sessions/. Its users are for a demonstration, and a release build has none: which password \
            is right is for the app to know.

            Nothing is ever overwritten. Without --package the app uses the copy of Dewar that this command was \
            built from.

            Examples:
              dewar new shop
              dewar new shop --sign-in
              dewar new shop --package ../dewar
              dewar new shop --package https://git.example.com/dewar.git --in ~/sites
            """)

    @Argument(help: ArgumentHelp("The name of the app, and of its folder.", valueName: "name"))
    var name: String

    @Flag(help: "With a page to sign in, sign-out, and the page of the user's devices.")
    var signIn = false

    @Option(
        help: ArgumentHelp(
            "Dewar: the folder of a clone, or the URL of a repository, of which the branch main is taken.",
            valueName: "path-or-url"))
    var package: String?

    @Option(
        name: .customLong("in"),
        help: ArgumentHelp("The folder in which the app's folder is made.", valueName: "folder"),
        completion: .directory)
    var parent = "."

    @Flag(help: "As a JSON object: the folder and its files.")
    var json = false

    func validate() throws {
        _ = try AppName(self.name)
        if self.parent.isEmpty { throw ValidationError("--in takes a folder.") }
    }

    func run() throws {
        let app = NewApp(
            name: try AppName(self.name), signsIn: self.signIn,
            package: try self.package.map(DewarPackage.init) ?? DewarPackage.ownSource())
        let files = app.files
        let folder = try AppFolder(app.name, files, in: self.parent)
        try folder.write()
        self.report(files.map(\.path), folder)
    }

    private func report(_ files: [String], _ folder: AppFolder) {
        guard !self.json else {
            let object = JSON.object(["folder": .string(folder.path), "files": .array(files.map(JSON.string))])
            Console.write(object.line)
            return
        }
        let shown = Printable.text(self.parent == "." ? folder.name : folder.path)
        for file in files { Console.write(Style.current.dim("\(shown)/\(file)")) }
        Console.write("\nNext:")
        Console.write("  cd \(shown)")
        Console.write("  dewar run                 builds and serves it on http://127.0.0.1:5000; swift run does, too")
        Console.write("  swift test                runs its tests")
        if self.signIn { Console.write("\nSign in as \(DemoUser.name) with the password \"\(DemoUser.password)\".") }
    }
}
