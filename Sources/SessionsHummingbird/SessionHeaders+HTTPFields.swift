// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

package import HTTPTypes
package import Sessions

extension SessionHeaders {
    /// Adds the session's headers to those of a response.
    package func apply(to fields: inout HTTPFields) {
        if let setCookie = self.setCookie { fields.append(HTTPField(name: .setCookie, value: setCookie)) }
        if self.variesOnCookie { fields[.vary] = self.vary(addedTo: fields[values: .vary]) }
        let isForUser = self.isForUser && !fields.contains(.cacheControl)
        if self.forbidsCaching || isForUser { fields[.cacheControl] = "no-store" }
    }
}
