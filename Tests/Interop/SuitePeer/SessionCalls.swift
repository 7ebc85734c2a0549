// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

/// What a handler does with one session.
struct SessionCalls {
    private let call: PeerCall
    private let session: Session

    init(_ call: PeerCall, _ session: Session) {
        self.call = call
        self.session = session
    }

    func result() throws -> TypedValue? {
        try self.value().map(TypedValue.init)
    }

    private func value() throws -> SessionValue? {
        switch self.call.operation {
        case "get": return self.session[try self.call.text("key")]
        case "set":
            self.session[try self.call.text("key")] = self.call.value("value") ?? .null
            return nil
        case "pop": return self.session.pop(try self.call.text("key"))
        case "pop_last": return self.session.popLast().map { .tuple([.string($0.key), $0.value]) }
        case "set_default":
            return self.session.setDefault(try self.call.text("key"), self.call.value("value") ?? .null)
        case "update":
            self.session.merge(try self.call.dictionary("values"))
            return nil
        case "clear":
            self.session.removeAll()
            return nil
        case "contains": return .bool(self.session.contains(try self.call.text("key")))
        case "count": return .int(self.session.count)
        case "keys": return .list(self.session.keys.map { .string($0) })
        case "flash":
            self.session.flash(self.call.value("message") ?? .null, category: try self.call.text("category"))
            return nil
        case "flashed": return try self.flashed()
        default: return try self.state()
        }
    }

    private func flashed() throws -> SessionValue {
        let categories = try self.call.list("categories").compactMap { category in
            if case .string(let text) = category { text } else { nil as String? }
        }
        return .list(
            self.session.flashedMessages(in: Set(categories)).map { .tuple([.string($0.category), $0.message]) })
    }

    private func state() throws -> SessionValue? {
        switch self.call.operation {
        case "is_new": return .bool(self.session.isNew)
        case "is_accessed": return .bool(self.session.isAccessed)
        case "is_modified": return .bool(self.session.isModified)
        case "set_modified": self.session.isModified = try self.call.flag("flag")
        case "is_permanent": return .bool(self.session.isPermanent)
        case "set_permanent": self.session.isPermanent = try self.call.flag("flag")
        default: throw PeerFailure(code: "unknown_call", text: self.call.name)
        }
        return nil
    }
}
