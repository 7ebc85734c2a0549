// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// The value of a form's first field of a name, in the markup of a page; nil when there is no such field.
public func formValue(of field: String, in markup: String) -> String? {
    guard let start = markup.firstRange(of: "name=\"\(field)\" value=\"")?.upperBound else { return nil }
    return String(markup[start...].prefix { $0 != "\"" })
}
