// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import CoreMetrics
import Dewar
import SessionsPrometheus
import SessionsRedis
import SessionsTracing

/// Sources: `TracedStore`, `SessionsTracing`; and `docs/OBSERVABILITY.md`.
private func tracing(_ sessions: inout SessionConfiguration) throws {
    let store = TracedStore(try RedisStore(url: "redis://127.0.0.1:6379"), system: "redis")
    sessions.place = .stored(in: store)
}

/// Sources: `PrometheusMetrics`, `SessionsPrometheus`; and `docs/OBSERVABILITY.md`.
private func prometheus(_ key: SecretKey) async throws {
    let metrics = PrometheusMetrics()
    MetricsSystem.bootstrap(metrics)  // first of all, before an App or a SessionManager is made

    let store = TracedStore(try RedisStore(url: "redis://127.0.0.1:6379"), system: "redis")
    let app = App(secretKey: key, sessions: .stored(in: store))

    let monitoring = App()
    monitoring.get("/metrics", usesSession: false) { _ in
        var response = Response(text: metrics.text())
        response.headers[.contentType] = PrometheusMetrics.contentType
        return response
    }

    try await withThrowingTaskGroup(of: Void.self) { servers in
        servers.addTask { try await app.run() }
        servers.addTask { try await monitoring.run(host: "127.0.0.1", port: 9464) }
        try await servers.waitForAll()
    }
}
