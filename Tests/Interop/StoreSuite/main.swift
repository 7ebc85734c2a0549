// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import Sessions
import SessionsPostgres
import SessionsRedis
import SessionsTesting

// The conformance suite as a program, for test_machines.py to run several of at once on one engine.
//
//     StoreSuite URL
//
// The status is 0 when the store passes; otherwise standard error says what it fails. The time is real: what moves the
// time, the store's own tests check, for a purge would take what belongs to the other programs.

guard let url = CommandLine.arguments.dropFirst().first else {
    FileHandle.standardError.write(Data("usage: StoreSuite redis://…|redis+cluster://…|postgres://…\n".utf8))
    exit(2)
}
do {
    let store: any SessionStore = url.hasPrefix("postgres") ? try PostgresStore(url) : try RedisStore(url: url)
    // Several of these run at once: together they are as many as one suite usually makes.
    try await SessionStoreSuite(expiry: .byEngine, operations: 400, parallelism: 30) { store }.run()
} catch {
    FileHandle.standardError.write(Data("\(error)\n".utf8))
    exit(1)
}
