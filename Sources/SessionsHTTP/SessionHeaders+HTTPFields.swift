// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

public import HTTPTypes
public import Sessions

extension SessionHeaders {
    /// Adds the session's header fields to those of a response.
    ///
    /// ```swift
    /// let headers = try await sessions.commit(session)
    /// headers.apply(to: &response.headerFields)
    /// ```
    public func apply(to fields: inout HTTPFields) {
        if let setCookie = self.setCookie { fields.append(HTTPField(name: .setCookie, value: setCookie)) }
        if self.variesOnCookie { self.vary(&fields) }
        let isForUser = self.isForUser && !fields.contains(.cacheControl)
        if self.forbidsCaching || isForUser { fields[.cacheControl] = "no-store" }
    }

    private func vary(_ fields: inout HTTPFields) {
        guard fields.contains(.vary) else {
            fields.append(HTTPField(name: .vary, value: "Cookie"))
            return
        }
        fields[.vary] = self.vary(addedTo: fields[values: .vary])
    }
}
