// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import ArgumentParser
import Dewar

#if EXAMPLES_HAVE_POSTGRES
import SessionsPostgres
#endif
#if EXAMPLES_HAVE_REDIS
import SessionsRedis
#endif
#if EXAMPLES_HAVE_SQLITE
import SessionsSQLite
#endif

/// The stores that need an engine's client, which takes as long to build as all the rest. The examples have all of them,
/// unless they are built for one place alone, as `./demo` does (`DEWAR_EXAMPLE_STORES` in the manifest).
enum Engines {
    static func sqlite(_ path: String) throws -> any SessionStore {
        #if EXAMPLES_HAVE_SQLITE
        return try SQLiteStore(path: path)
        #else
        throw MissingEngine(store: "SQLite")
        #endif
    }

    static func redis(_ url: String) throws -> any SessionStore {
        #if EXAMPLES_HAVE_REDIS
        return try RedisStore(url: url)
        #else
        throw MissingEngine(store: "Redis")
        #endif
    }

    static func postgres(_ url: String) throws -> any SessionStore {
        #if EXAMPLES_HAVE_POSTGRES
        return try PostgresStore(url)
        #else
        throw MissingEngine(store: "Postgres")
        #endif
    }

    /// Sessions that Flask-Session keeps in Redis.
    static func flaskSession(_ url: String) throws -> SessionConfiguration {
        #if EXAMPLES_HAVE_REDIS
        return .flaskSession(in: try RedisFlaskSessions(url: url))
        #else
        throw MissingEngine(store: "Redis")
        #endif
    }
}

/// The program was built without the store that it shall use.
private struct MissingEngine: Error, CustomStringConvertible {
    let store: String

    var description: String {
        """
        This program was built without Sessions\(self.store). Build it with DEWAR_EXAMPLE_STORES=\(self.store), or without \
        that variable for all stores; ./demo does it by itself.
        """
    }
}
