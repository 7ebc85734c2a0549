// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation

// Dewar behind the test suites of Flask, Werkzeug, itsdangerous and Flask-Login. Each line on standard input is one call,
// in JSON, and each line on standard output its answer; suites/peer.py is the other side. The process goes on until its
// input ends, because sessions stay open between calls.

let sessions = OpenSessions()

while let line = readLine() {
    let answer: PeerAnswer
    do {
        let call = try JSONDecoder().decode(PeerCall.self, from: Data(line.utf8))
        answer = PeerAnswer(value: try await result(of: call))
    } catch let failure as PeerFailure {
        answer = PeerAnswer(error: failure)
    } catch {
        answer = PeerAnswer(error: PeerFailure(code: "unexpected", text: "\(error)"))
    }
    print(String(decoding: try JSONEncoder().encode(answer), as: UTF8.self))
    // A pipe is buffered, and the other side waits for the answer.
    fflush(nil)
}

/// What a call gives; nil for nothing, as for a key that a session does not have.
func result(of call: PeerCall) async throws -> TypedValue? {
    switch call.group {
    case "token": try TokenCalls(call).result()
    case "header": try HeaderCalls(call).result()
    case "site": try await SiteCalls(call).result()
    case "form": try FormCalls(call).result()
    case "session": try await sessions.result(of: call)
    default: throw PeerFailure(code: "unknown_call", text: call.name)
    }
}
