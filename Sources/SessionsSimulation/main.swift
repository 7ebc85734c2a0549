// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

// Simulates a site with its processes, its stores, its visitors and an attacker, many times, and holds each promise of
// the documentation to what happens. One number, the seed, decides everything: SessionsSimulation --seconds 60
// docs/TESTING.md says how to use it.

Determinism.demand()
let options = Options(CommandLine.arguments.dropFirst())
if let campaign = Campaign(options) { campaign.run() }
