// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dewar
import SessionsRedis
import SessionsTracing

/// Sources: `TracedStore`, `SessionsTracing`; and `docs/OBSERVABILITY.md`.
private func tracing(_ sessions: inout SessionConfiguration) throws {
    let store = TracedStore(try RedisStore(url: "redis://127.0.0.1:6379"), system: "redis")
    sessions.place = .stored(in: store)
}
