// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

public import HTTPTypes
public import Sessions

extension SessionHeaders {
    /// Adds the session's header fields to those of a response.
    ///
    /// A response that sends the session's cookie is in no shared cache: where its `Cache-Control` or `Expires` lets a
    /// cache send it again, that becomes `private, no-cache`, unless `forbidsCaching` makes it `no-store`.
    ///
    /// ```swift
    /// let headers = try await sessions.commit(session)
    /// headers.apply(to: &response.headerFields)
    /// ```
    public func apply(to fields: inout HTTPFields) {
        if let setCookie = self.setCookie {
            fields.append(HTTPField(name: .setCookie, value: setCookie))
            fields.removeOrdersForSharedCaches()
        }
        if self.variesOnCookie { self.vary(&fields) }
        let isForUser = self.isForUser && !fields.contains(.cacheControl)
        if self.forbidsCaching || isForUser {
            fields[.cacheControl] = "no-store"
        } else if self.setCookie != nil, fields.mayBeReused {
            // A shared cache would give one visitor's cookie to others, and some clients take cookies from their own.
            fields[.cacheControl] = "private, no-cache"
        }
    }

    private func vary(_ fields: inout HTTPFields) {
        guard fields.contains(.vary) else {
            fields.append(HTTPField(name: .vary, value: "Cookie"))
            return
        }
        fields[.vary] = self.vary(addedTo: fields[values: .vary])
    }
}
