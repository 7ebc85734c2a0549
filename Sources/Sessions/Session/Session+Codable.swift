// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

extension Session {
    /// The value under a key as a Swift type; nil removes it.
    ///
    /// ```swift
    /// let visits: Int? = session["visits"]
    /// session["visits"] = (visits ?? 0) + 1
    /// ```
    ///
    /// Reading gives nil when there is no value and when it is of another kind. Any `Codable` type works: text,
    /// numbers, `Date`, `UUID`, `Data` and `[UInt8]` become the session's own values, and structures become
    /// dictionaries. Setting a value that cannot be encoded makes the commit throw.
    public subscript<Value: Codable & Sendable>(key: String) -> Value? {
        get { self[key].flatMap { try? SessionValueDecoder.decode(Value.self, from: $0) } }
        set { if let newValue { self.set(key, encoding: newValue) } else { self.pop(key) } }
    }

    /// The value under a key as a Swift type, or `defaultValue` when there is none of that type.
    ///
    /// It can be changed in place, and the session notices:
    ///
    /// ```swift
    /// session["list", default: [String]()].append("x")
    /// ```
    public subscript<Value: Codable & Sendable>(
        key: String, default defaultValue: @autoclosure () -> Value
    ) -> Value {
        get {
            let value: Value? = self[key]
            return value ?? defaultValue()
        }
        set { self.set(key, encoding: newValue) }
    }

    /// The value under a typed key; nil removes it.
    public subscript<Value>(key: SessionKey<Value>) -> Value? {
        get { self[key.name] }
        set { self[key.name] = newValue }
    }

    /// The value under a typed key, or a default.
    public subscript<Value>(key: SessionKey<Value>, default defaultValue: @autoclosure () -> Value) -> Value {
        get { self[key.name, default: defaultValue()] }
        set { self[key.name, default: defaultValue()] = newValue }
    }

    /// Changes a value by a closure, and gives the new one.
    ///
    /// Where two tasks or two requests of one visitor write at the same time, the closure is run again on what the
    /// other one wrote, so that nothing is lost; it must therefore change nothing but its argument. (In a cookie, which
    /// each request carries for itself, the last response wins.)
    ///
    /// ```swift
    /// let visits = session.update("visits", default: 0) { $0 += 1 }
    /// ```
    @discardableResult
    public func update<Value: Codable & Sendable>(
        _ key: String, default defaultValue: Value, _ body: @escaping @Sendable (inout Value) -> Void
    ) -> Value {
        let updated = self.update(key) { stored in
            var value = stored.flatMap { try? SessionValueDecoder.decode(Value.self, from: $0) } ?? defaultValue
            body(&value)
            return try SessionValueEncoder.encode(value)
        }
        return updated.flatMap { try? SessionValueDecoder.decode(Value.self, from: $0) } ?? defaultValue
    }

    /// Changes the value under a typed key by a closure, and gives the new one.
    @discardableResult
    public func update<Value>(
        _ key: SessionKey<Value>, default defaultValue: Value, _ body: @escaping @Sendable (inout Value) -> Void
    ) -> Value {
        self.update(key.name, default: defaultValue, body)
    }

    private func set(_ key: String, encoding value: some Encodable) {
        do {
            self.make(.set(key, try SessionValueEncoder.encode(value)))
        } catch {
            self.write { $0.fail(error, at: key) }
        }
    }
}
