// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation

// Dewar's side of the comparison with Flask, Werkzeug and itsdangerous on random inputs; differential.py is the other
// side. Each line on standard input holds many cases of one kind, in JSON, and each line on standard output their
// answers.

while let line = readLine() {
    let batch = try JSONDecoder().decode(Batch.self, from: Data(line.utf8))
    let answers = try batch.cases.map { try answer(to: DifferentialCase($0), of: batch.kind) }
    print(String(decoding: try JSONEncoder().encode(answers), as: UTF8.self))
    // A pipe is buffered, and the other side waits for the answers.
    fflush(nil)
}

struct Batch: Decodable {
    let kind: String
    /// The parts of each case. Text that stands for bytes has a character for each, U+0000 to U+00FF.
    let cases: [[String?]]
}

/// What Dewar makes of a case, as text that is the same for equal values only; nil when Dewar refuses it.
func answer(to test: DifferentialCase, of kind: String) throws -> String? {
    switch kind {
    case "cookie-header": try HeaderAnswers.cookies(test)
    case "set-cookie": try HeaderAnswers.setCookie(test)
    case "header-parameters": try HeaderAnswers.parameters(test)
    case "date": try HeaderAnswers.date(test)
    case "tagged-json": try SessionAnswers.taggedJSON(test)
    case "token": try SessionAnswers.token(test)
    case "query": try FormAnswers.query(test)
    case "form": try FormAnswers.form(test)
    case "rule": try RouteAnswers.rule(test)
    case "route": try RouteAnswers.match(test)
    case "url": try RouteAnswers.url(test)
    default: throw UnusableCase(what: "no kind is called \(kind)")
    }
}
