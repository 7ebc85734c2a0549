// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// The templates of a new app, and its style sheet.
struct PageText {
    let name: String

    var layout: String { self.layout(navigation: "") }

    var signInLayout: String {
        self.layout(
            navigation: """

                {{#user}}
                <a href="{{url.devices}}">Your devices</a>
                <form method="post" action="{{url.sign-out}}">{{csrfField}}<button>Sign out</button></form>
                {{/user}}
                {{^user}}
                <a href="{{url.sign-in}}">Sign in</a>
                {{/user}}
                """)
    }

    private func layout(navigation: String) -> String {
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>{{$title}}\(self.name){{/title}}</title>
        <link rel="stylesheet" href="{{#static}}site.css{{/static}}">
        </head>
        <body>
        <header>
        <a href="{{url.index}}">\(self.name)</a>\(navigation)
        </header>
        <main>
        {{#flashedMessages}}
        <p role="status">{{message}}</p>
        {{/flashedMessages}}
        {{$main}}{{/main}}
        </main>
        </body>
        </html>

        """
    }

    var index: String {
        """
        {{<layout}}
        {{$main}}
        <h1>{{#name}}Welcome, {{name}}{{/name}}{{^name}}Welcome to \(self.name){{/name}}</h1>
        <p>You were here {{visits}} times.</p>
        <form method="post" action="{{url.name}}">
        {{csrfField}}
        <p><label>Your name <input name="name" required></label> <button>Save</button></p>
        </form>
        {{/main}}
        {{/layout}}

        """
    }

    var signInIndex: String {
        """
        {{<layout}}
        {{$main}}
        <h1>Welcome to \(self.name)</h1>
        {{#user}}
        <p>Signed in as {{user}}.</p>
        {{/user}}
        {{^user}}
        <p>You are not signed in.</p>
        {{/user}}
        <p><a href="{{url.visits}}">A page for users</a></p>
        {{/main}}
        {{/layout}}

        """
    }

    var signIn: String {
        """
        {{<layout}}
        {{$title}}Sign in{{/title}}
        {{$main}}
        <h1>Sign in</h1>
        {{#problem}}
        <p role="alert">{{problem}}</p>
        {{/problem}}
        <form method="post">
        {{csrfField}}
        {{^user}}
        <p><label>User <input name="user" autocomplete="username" required autofocus></label></p>
        {{/user}}
        {{#user}}
        <p>Is it still you, {{user}}?</p>
        {{/user}}
        <p><label>Password
        <input type="password" name="password" autocomplete="current-password" required></label></p>
        <p><button>Sign in</button></p>
        </form>
        {{/main}}
        {{/layout}}

        """
    }

    static let style = """
        body { margin: 0 auto; max-width: 42rem; padding: 1rem; font: 1rem/1.6 system-ui, sans-serif; }
        header { display: flex; flex-wrap: wrap; gap: 1rem; align-items: center; }
        header a:first-child { margin-right: auto; font-weight: bold; }
        button, input { font: inherit; min-height: 2.75rem; }

        """
}
