// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import HTTPTypes
import Sessions

/// The conditions of a GET or HEAD request (RFC 9110, section 13), against the version that there is.
struct Preconditions {
    /// What is to be answered.
    enum Outcome: Equatable {
        /// What was asked for.
        case proceed
        /// 304: the client has it.
        case notModified
        /// 412: it is not the version that the client wants.
        case failed
    }

    let headers: HTTPFields
    let entityTag: EntityTag
    /// In seconds since 1970.
    let modified: Int

    /// The conditions in the order of section 13.2.2; a date counts only where there is no entity tag.
    var outcome: Outcome {
        if self.headers.contains(.ifMatch) {
            if !self.lists(.ifMatch, by: self.entityTag.matchesStrongly) { return .failed }
        } else if let date = self.date(.ifUnmodifiedSince), self.modified > date {
            return .failed
        }
        if self.headers.contains(.ifNoneMatch) {
            return self.lists(.ifNoneMatch, by: self.entityTag.matchesWeakly) ? .notModified : .proceed
        }
        if let date = self.date(.ifModifiedSince), self.modified <= date { return .notModified }
        return .proceed
    }

    /// Whether a `Range` is of the version that the client has a part of already. Without `If-Range` it is.
    var allowsRange: Bool {
        guard self.headers.contains(.ifRange) else { return true }
        let tags = EntityTag.list(self.headers[values: .ifRange])
        if !tags.isEmpty { return tags.count == 1 && self.entityTag.matchesStrongly(tags[0]) }
        return self.date(.ifRange) == self.modified
    }

    private func lists(_ field: HTTPField.Name, by matches: (EntityTag) -> Bool) -> Bool {
        let fields = self.headers[values: field]
        return fields == ["*"] || EntityTag.list(fields).contains(where: matches)
    }

    /// A date that cannot be read, or of which there are two, is ignored.
    private func date(_ field: HTTPField.Name) -> Int? {
        let fields = self.headers[values: field]
        return fields.count == 1 ? HTTPDate.parse(fields[0]) : nil
    }
}
