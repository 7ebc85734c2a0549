// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// One thing that a request did to its session, kept so that it can be done again to newer values.
package enum SessionChange: Sendable {
    case set(String, SessionValue)
    /// Adds to the end of a list; what is no list is replaced by one.
    case append(String, SessionValue)
    case remove(String)
    /// Removes an entry if there is no other.
    case removeAlone(String)
    case removeLast
    case removeAll
    case update(String, @Sendable (SessionValue?) throws -> SessionValue?)

    /// - Throws: What an update's closure throws: its new value has no stored form.
    func apply(to values: inout SessionDictionary) throws {
        switch self {
        case .set(let key, let value): values[key] = value
        case .append(let key, let value): values.append(value, toListUnder: key)
        case .remove(let key): values.removeValue(forKey: key)
        case .removeAlone(let key): if values.count == 1 { values.removeValue(forKey: key) }
        case .removeLast: _ = values.popLast()
        case .removeAll: values.removeAll()
        case .update(let key, let body): values[key] = try body(values[key])
        }
    }

    /// The key that it is about; nil when it is about the whole session.
    var key: String? {
        switch self {
        case .set(let key, _), .append(let key, _), .remove(let key), .removeAlone(let key), .update(let key, _): key
        case .removeLast, .removeAll: nil
        }
    }

    /// Whether it puts nothing in.
    var onlyRemoves: Bool {
        switch self {
        case .remove, .removeAlone, .removeLast, .removeAll: true
        case .set, .append, .update: false
        }
    }

    /// Takes back what is no longer wrong once the change has been made.
    func settle(_ failures: inout [String: SessionError]) {
        guard !failures.isEmpty else { return }
        if let key = self.key { failures[key] = nil }
        if case .removeAll = self { failures = [:] }
    }
}
