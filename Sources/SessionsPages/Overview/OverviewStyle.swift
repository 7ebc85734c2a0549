// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// What the operator's page needs beyond ``PageStyle``: room, a field, and charts. The contrasts are at least those of
/// that.
enum OverviewStyle {
    static let text = """
        header, main { max-width: 64rem; }
        section { margin-bottom: 2rem; }
        h2 { margin-bottom: .5rem; }
        h3 { font-size: 1.05rem; line-height: 1.35; margin: 0; overflow-wrap: anywhere; }
        .what { margin: 0; }
        code { font-size: .9em; overflow-wrap: anywhere; }
        .numbers { display: grid; grid-template-columns: repeat(auto-fit, minmax(10rem, 1fr)); gap: .75rem; margin: 0; }
        .numbers + .numbers { margin-top: .75rem; }
        .numbers div { display: block; background: var(--card); border: 1px solid var(--line); border-radius: .6rem;
          padding: .7rem .8rem; }
        .numbers dt::after { content: none; }
        .numbers dd { color: var(--text); font-size: 1.15rem; font-weight: 600; overflow-wrap: anywhere; }
        .search { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; margin: .75rem 0 1rem; }
        .search label { font-weight: 600; }
        input { font: inherit; min-height: 2.75rem; min-width: 0; flex: 1 1 10rem; padding: .5rem .75rem;
          color: var(--text); background: var(--ground); border: 1px solid var(--edge); border-radius: .5rem; }
        .plain, .button { color: var(--accent); }
        .danger { color: var(--danger); }
        .question { display: flex; flex-wrap: wrap; gap: .75rem; margin-top: 1rem; }
        .question .button { margin: 0; }
        .button { display: inline-flex; align-items: center; justify-content: center; min-height: 2.75rem;
          padding: .5rem 1rem; margin: 0 .5rem .5rem 0; font-weight: 600; text-decoration: none; background: var(--ground);
          border: 1px solid var(--edge); border-radius: .5rem; }
        .button:hover { text-decoration: underline; }
        .button[aria-current] { border: 2px solid var(--accent); color: var(--text); }
        input:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
        .activity { display: grid; grid-template-columns: minmax(0, 1fr); gap: 1.5rem; align-items: start; }
        @media (min-width: 48rem) { .activity { grid-template-columns: minmax(0, 3fr) minmax(0, 2fr); } }
        figure { margin: 0 0 1rem; }
        figcaption { font-weight: 600; margin-bottom: .25rem; }
        figcaption span { font-weight: 400; color: var(--quiet); }
        svg { display: block; width: 100%; height: 5rem; background: var(--card); border: 1px solid var(--line); }
        rect { fill: var(--accent); }
        .refusals rect { fill: var(--danger); }
        .axis { display: flex; justify-content: space-between; margin: 0; color: var(--quiet); font-size: .9rem; }
        table { border-collapse: collapse; width: 100%; font-size: .95rem; }
        th, td { padding: .3rem .5rem; text-align: end; border-bottom: 1px solid var(--line); vertical-align: bottom; }
        th:first-child { text-align: start; font-weight: 400; color: var(--quiet); }
        @media (max-width: 30rem) { .question button, .search button, .button { width: 100%; } }

        """
}
