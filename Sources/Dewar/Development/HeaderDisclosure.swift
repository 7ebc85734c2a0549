// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import HTTPTypes

/// Which header fields of a request may be shown to a developer.
enum HeaderDisclosure {
    /// Whether the field is one that browsers fill in without a secret of the visitor or the site. Any other field is
    /// taken for one that carries a credential: a list of those that do could never be complete. `Referer` may have a
    /// token in its query.
    static func carriesNoSecret(_ name: HTTPField.Name) -> Bool {
        self.plain.contains(name.canonicalName)
    }

    private static let plain: Set<String> = [
        "accept", "accept-encoding", "accept-language", "cache-control", "connection", "content-length", "content-type",
        "dnt", "expect", "if-modified-since", "if-none-match", "if-range", "origin", "pragma", "priority", "range",
        "sec-ch-ua", "sec-ch-ua-mobile", "sec-ch-ua-platform", "sec-fetch-dest", "sec-fetch-mode", "sec-fetch-site",
        "sec-fetch-user", "sec-gpc", "sec-purpose", "te", "upgrade-insecure-requests", "user-agent",
    ]
}
