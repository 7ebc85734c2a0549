// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dewar
import Sessions
import SessionsFlask
import SessionsPostgres
import SessionsRedis

/// README: docs/SCALING.md, Redis.
func redisDocumentation(key: SecretKey) throws -> App {
    let store = try RedisStore(url: "redis://app:secret@cache.internal:6379/0?prefix=shop")
    let app = App(secretKey: key, sessions: .stored(in: store))
    return app
}

/// README: docs/SCALING.md, PostgreSQL.
func postgresDocumentation() throws -> PostgresStore {
    let store = try PostgresStore("postgres://app:secret@db.internal/shop?sslmode=verify-full")
    return store
}

/// README: docs/SCALING.md, a pooler.
func pooledPostgresDocumentation() throws -> PostgresStore {
    let store = try PostgresStore("postgres://app:secret@pgbouncer.internal:6432/shop", isTransactionPooled: true)
    return store
}

/// README: docs/SHARING.md, with Flask-Session.
func flaskSessionDocumentation() throws -> App {
    let redis = try RedisFlaskSessions(url: "redis://cache.internal:6379/0")
    let app = App(sessions: .flaskSession(in: redis))
    return app
}
