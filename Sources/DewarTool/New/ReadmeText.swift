// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// The README of a new app.
struct ReadmeText {
    let name: String
    let signsIn: Bool

    var text: String {
        """
        # \(self.name)

        ```sh
        dewar run             # serves it on http://127.0.0.1:5000, and builds it again when a source changes
        swift test            # runs its tests
        ```

        Without the command `dewar`, `swift run` serves it too.
        \(self.signsIn ? self.signIn : "")
        | | |
        |---|---|
        | `Sources/\(self.name)` | the program |
        | `templates` | the pages: Mustache, with what Dewar adds (`docs/TEMPLATES.md` there) |
        | `static` | files that are served as they are |
        | `Tests` | tests that call the app without a server |
        | `config.json` | settings; the environment wins over it |
        | `secret-keys` | the secret key, for this machine alone: `.gitignore` keeps it out of the repository |

        After a clone there is no key yet: `dewar key add secret-keys` makes one. The program finds `config.json`, `secret-keys`,
        `templates` and `static` in the folder in which it is started.

        ## In production

        ```sh
        swift build -c release --product \(self.name)
        ```

        The cookie of a release build is Secure and named `__Host-session`, for HTTPS. `SECRET_KEY_FILE` names the key file there, `HOST` and
        `PORT` say where to listen. `Package.swift` says where Dewar comes from.

        """
    }

    private var signIn: String {
        """

        Sign in as `\(DemoUser.name)` with the password `\(DemoUser.password)`. That user is there in a debug build only, and
        `Sources/\(self.name)/DemoUsers.swift` is to be replaced: which password is right is for the app to know.

        Sessions are in the folder `sessions`:

        ```sh
        dewar sessions list --store directory:sessions
        dewar sessions revoke --store directory:sessions --user \(DemoUser.name)
        ```

        """
    }
}
