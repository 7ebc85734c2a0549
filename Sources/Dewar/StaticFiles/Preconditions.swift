// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import HTTPTypes
import Sessions

/// The conditions of a GET or HEAD request (RFC 9110, section 13), checked against the file's current version.
struct Preconditions {
    /// What to answer.
    enum Outcome: Equatable {
        /// The requested content.
        case proceed
        /// 304: the client has this version.
        case notModified
        /// 412: this is not the version that the client wants.
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

    /// Whether a `Range` may be answered: `If-Range` names the current version, or is not there.
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

    /// A date that cannot be read, or that occurs twice, is ignored.
    private func date(_ field: HTTPField.Name) -> Int? {
        let fields = self.headers[values: field]
        return fields.count == 1 ? HTTPDate.parse(fields[0]) : nil
    }
}
