// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// How pages look. Every text has a contrast of at least 4.5 to 1, and every border of a button of at least 3 to 1, in
/// light and in dark (WCAG 2.2, 1.4.3 and 1.4.11). Buttons are 44 pixels high (2.5.8 asks for 24).
package enum PageStyle {
    package static let text = """
        :root {
          color-scheme: light dark;
          --ground: #ffffff; --card: #f6f7f9; --text: #1b1d22; --quiet: #50555f; --line: #c9cdd4;
          --edge: #767b85; --accent: #0b57d0; --danger: #a5121d; --message: #e7f0fe;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --ground: #15171b; --card: #1f2227; --text: #eceef2; --quiet: #b3b8c2; --line: #3a3f48;
            --edge: #8b919c; --accent: #8ab4f8; --danger: #ffb3ab; --message: #1d2c45;
          }
        }
        * { box-sizing: border-box; }
        body {
          margin: 0; background: var(--ground); color: var(--text);
          font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
        }
        header, main { max-width: 42rem; margin: 0 auto; padding: 1rem; }
        header + main { padding-top: 0; }
        h1 { font-size: 1.6rem; line-height: 1.25; margin: 1rem 0 .5rem; }
        h2 { font-size: 1.1rem; line-height: 1.35; margin: 0; overflow-wrap: anywhere; }
        p { margin: .5rem 0 1rem; }
        a { color: var(--accent); }
        .message { background: var(--message); border-inline-start: .3rem solid var(--accent); padding: .6rem .9rem; }
        .devices { list-style: none; margin: 0 0 1.5rem; padding: 0; }
        .devices li {
          display: flex; flex-wrap: wrap; gap: .75rem; align-items: center; justify-content: space-between;
          background: var(--card); border: 1px solid var(--line); border-radius: .6rem;
          padding: .9rem 1rem; margin-bottom: .75rem;
        }
        .devices li.current { border: 2px solid var(--accent); }
        .device { flex: 1 1 16rem; min-width: 0; }
        .here { color: var(--accent); font-weight: 600; margin: 0; }
        dl { margin: .25rem 0 0; color: var(--quiet); }
        dl div { display: flex; flex-wrap: wrap; gap: 0 .5rem; }
        dt::after { content: ":"; }
        dd { margin: 0; }
        form { margin: 0; }
        button {
          font: inherit; font-weight: 600; min-height: 2.75rem; padding: .5rem 1rem; cursor: pointer;
          color: var(--danger); background: var(--ground); border: 1px solid var(--edge); border-radius: .5rem;
        }
        button:hover { text-decoration: underline; }
        a:focus-visible, button:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
        @media (max-width: 30rem) { .devices form, .devices button, .others button { width: 100%; } }

        """
}
