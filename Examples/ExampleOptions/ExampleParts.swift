// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import ArgumentParser
import Dewar

#if HAVE_TLS
import DewarTLS
#endif
#if HAVE_POSTGRES
import SessionsPostgres
#endif
#if HAVE_REDIS
import SessionsRedis
#endif
#if HAVE_SQLITE
import SessionsSQLite
#endif

/// What takes as long to build as all the rest: the stores that need an engine's client, and TLS. The examples have all of
/// it, unless they are built with some parts alone, as `./demo` does (`DEWAR_PARTS` in the manifest).
enum ExampleParts {
    static func sqlite(_ path: String) throws -> any SessionStore {
        #if HAVE_SQLITE
        return try SQLiteStore(path: path)
        #else
        throw MissingPart(name: "SQLite")
        #endif
    }

    static func redis(_ url: String) throws -> any SessionStore {
        #if HAVE_REDIS
        return try RedisStore(url: url)
        #else
        throw MissingPart(name: "Redis")
        #endif
    }

    static func postgres(_ url: String) throws -> any SessionStore {
        #if HAVE_POSTGRES
        return try PostgresStore(url)
        #else
        throw MissingPart(name: "Postgres")
        #endif
    }

    /// Sessions that Flask-Session keeps in Redis.
    static func flaskSession(_ url: String) throws -> SessionConfiguration {
        #if HAVE_REDIS
        return .flaskSession(in: try RedisFlaskSessions(url: url))
        #else
        throw MissingPart(name: "Redis")
        #endif
    }

    /// Serves the application with a certificate.
    static func run(
        _ app: App, host: String?, port: Int?, certificate: String, key: String, http2: Bool
    ) async throws {
        #if HAVE_TLS
        try await app.run(
            host: host, port: port, tls: CertificateFiles(certificate: certificate, privateKey: key), http2: http2)
        #else
        ExampleOptions.exit(withError: OneLineError(description: "\(MissingPart(name: "TLS"))"))
        #endif
    }
}

/// The program was built without a part that it shall use.
private struct MissingPart: Error, CustomStringConvertible {
    let name: String

    var description: String {
        """
        This program was built without \(self.name). Build it with DEWAR_PARTS=\(self.name), or without that \
        variable for everything; ./demo does it by itself.
        """
    }
}
