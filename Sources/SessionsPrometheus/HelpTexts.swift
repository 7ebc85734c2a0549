// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// What stands after `# HELP`. swift-metrics has no texts of its own.
struct HelpTexts: Sendable {
    /// The application's, which come first.
    let own: [String: String]

    /// On one line, as the page needs it.
    func text(of name: String, _ kind: MetricKind, label: String) -> String {
        let text = self.own[name] ?? Self.dewar[name] ?? "The \(kind.rawValue) \(label)."
        var escaped = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": escaped.append(contentsOf: "\\\\".unicodeScalars)
            case "\n": escaped.append(contentsOf: "\\n".unicodeScalars)
            default: escaped.append(scalar)
            }
        }
        return String(escaped)
    }

    /// The metrics of this package: those in `docs/OBSERVABILITY.md`.
    static let dewar = [
        "dewar_sessions_conflicts_total": "Requests that changed a session at once; the changes of both were kept.",
        "dewar_sessions_created_total": "Sessions that began.",
        "dewar_sessions_dropped_writes_total": "Changes to sessions that had ended meanwhile.",
        "dewar_sessions_ended_total": "Sessions that a request ended.",
        "dewar_sessions_key_used_total": "Cookies that were opened under a secret key, by its fingerprint.",
        "dewar_sessions_reauthenticated_total": "Users who proved again who they are.",
        "dewar_sessions_rejected_total": "Cookies that open no session, by reason.",
        "dewar_sessions_renewed_total": "Sessions that got a new secret or a new id.",
        "dewar_sessions_replayed_total": "Cookies that came back long after their renewal: likely stolen.",
        "dewar_sessions_revoked_total": "Sessions that were ended from outside.",
        "dewar_sessions_signed_in_total": "Users who signed in.",
        "dewar_sessions_signed_out_total": "Users who signed out.",
        "dewar_sessions_store_duration_seconds": "How long calls of the session store took.",
        "dewar_sessions_store_failures_total": "Calls of the session store that failed.",
        "dewar_sign_in_attempts_total": "Attempts to sign in, by outcome.",
        "metrics_series_left_out_total": "Times that a series was not shown: too many series, or a name that is taken.",
    ]
}
