// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

public import Sessions

extension HTMLInterpolation {
    /// A session value as text, escaped; markup stays markup.
    public mutating func appendInterpolation(_ value: SessionValue) {
        if case .markup(let markup) = value {
            self.appendInterpolation(HTML(raw: markup))
        } else {
            self.appendInterpolation(value.description)
        }
    }

    /// A session value that may be missing; nil prints nothing.
    public mutating func appendInterpolation(_ value: SessionValue?) {
        if let value { self.appendInterpolation(value) }
    }
}
