// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.
//
// An application whose metrics a Prometheus server reads: docs/OBSERVABILITY.md. Visitors reach the application, and no
// visitor reaches the page of metrics, which listens on an address of its own.
//
//   swift run Monitoring
//   curl http://127.0.0.1:9464/metrics

import ArgumentParser
import CoreMetrics
import Dewar
import SessionsDirectory
import SessionsPrometheus
import SessionsTracing

struct Options: ParsableArguments {
    @Option(help: "The port of the application; 0 for any that is free.")
    var port = 5000

    @Option(help: "The port of the page of metrics, on this machine only.")
    var metricsPort = 9464

    func validate() throws {
        for port in [self.port, self.metricsPort] where !(0...65535).contains(port) {
            throw ValidationError("There is no port \(port); ports go from 0 to 65535.")
        }
    }
}

let options = Options.parseOrExit()
let metrics = PrometheusMetrics()
MetricsSystem.bootstrap(metrics)

var sessions = SessionConfiguration.stored(in: TracedStore(try DirectoryStore()))
// For plain HTTP, as on the author's own machine.
sessions.cookie = .flask
// Each start makes a new key: the sessions of an earlier start are not opened.
let app = App(secretKey: SecretKey(bytes: (0..<32).map { _ in .random(in: 0...255) }), sessions: sessions)
app.get("/") { request in
    let visits = request.session.update("visits", default: 0) { $0 += 1 }
    return "You were here \(visits) times."
}

let monitoring = App()
monitoring.get("/metrics", usesSession: false) { _ in
    var response = Response(text: metrics.text())
    response.headers[.contentType] = PrometheusMetrics.contentType
    return response
}

try await withThrowingTaskGroup(of: Void.self) { servers in
    servers.addTask { try await app.run(port: options.port) }
    servers.addTask { try await monitoring.run(host: "127.0.0.1", port: options.metricsPort) }
    try await servers.waitForAll()
}
