// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import ArgumentParser

/// `dewar sessions`: the sessions in a store.
struct SessionsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sessions", abstract: "Lists, shows, ends, counts and copies the sessions in a store.",
        discussion: """
            The ids that are printed open no session: only the secret in a visitor's cookie does.

            Examples:
              export DEWAR_STORE=sqlite:/var/lib/shop/sessions.sqlite
              dewar sessions list --user alice
              dewar sessions list --unused-for 7d --all --json
              dewar sessions show 2f1c0d3a9b8e47566574839201aabbcc
              dewar sessions revoke --user alice
              dewar sessions stats
              dewar sessions copy --to postgres://shop@db.internal/shop
            """,
        subcommands: [
            ListSessions.self, ShowSession.self, RevokeSessions.self, PurgeSessions.self, SessionStatistics.self,
            CopySessions.self,
        ])
}
