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
    /// Reading gives nil when there is no value and when it is of another kind; the second is told at the commit, by a
    /// warning in the log with the key, and ``value(_:as:)`` throws it. Any `Codable` type works: text, numbers,
    /// `Date`, `UUID`, `Data` and `[UInt8]` become the session's own values, and structures become dictionaries.
    /// Setting a value that cannot be encoded makes the commit throw.
    ///
    /// A structure that gains a property no longer reads what was stored before, unless the property is optional or its
    /// `init(from:)` knows a default.
    public subscript<Value: Codable & Sendable>(key: String) -> Value? {
        @inlinable get {
            guard let value = self[key] as SessionValue? else { return nil }
            return SessionValueDecoder.direct(Value.self, from: value) ?? self.converted(key)
        }
        set { if let newValue { self.set(key, encoding: newValue) } else { self.pop(key) } }
        _modify {
            let old: Swift.Result<Value?, SessionError> = self.readingAloud(key)
            var value = try? old.get()
            defer { self.change(key, from: old, to: value) }
            yield &value
        }
    }

    /// The value under a key as a Swift type; nil when there is none.
    ///
    /// ```swift
    /// let basket = try session.value("basket", as: Basket.self) ?? Basket()
    /// ```
    ///
    /// - Throws: ``SessionError`` with `unreadableValue` when there is a value that is of another kind, or of an
    ///   earlier form of the type.
    public func value<Value: Codable & Sendable>(
        _ key: String, as type: Value.Type = Value.self
    ) throws(SessionError) -> Value? {
        try Self.decode(self[key], key)
    }

    /// The value under a key as a Swift type, or `defaultValue` when there is none of that type.
    ///
    /// It can be changed in place, and the session notices:
    ///
    /// ```swift
    /// session["list", default: [String]()].append("x")
    /// ```
    ///
    /// A change in place of a value that cannot be read as the type leaves it as it is, and makes the commit throw
    /// ``SessionError/Kind-swift.struct/unreadableValue``.
    public subscript<Value: Codable & Sendable>(
        key: String, default defaultValue: @autoclosure () -> Value
    ) -> Value {
        @inlinable get {
            let value: Value? = self[key]
            return value ?? defaultValue()
        }
        set { self.set(key, encoding: newValue) }
        _modify {
            let old: Swift.Result<Value?, SessionError> = self.readingAloud(key)
            var value = (try? old.get()) ?? defaultValue()
            defer { self.change(key, from: old, to: value) }
            yield &value
        }
    }

    /// The value under a typed key; nil removes it.
    public subscript<Value>(key: SessionKey<Value>) -> Value? {
        @inlinable get { self[key.name] }
        set { self[key.name] = newValue }
        _modify { yield &self[key.name] }
    }

    /// The value under a typed key, or a default.
    public subscript<Value>(key: SessionKey<Value>, default defaultValue: @autoclosure () -> Value) -> Value {
        @inlinable get { self[key.name, default: defaultValue()] }
        set { self[key.name, default: defaultValue()] = newValue }
        _modify { yield &self[key.name, default: defaultValue()] }
    }

    /// Changes a value by a closure, and gives the new one.
    ///
    /// Where two tasks or two requests of one visitor write at the same time, the closure is run again on what the
    /// other one wrote, so that nothing is lost; it must therefore change nothing but its argument. (In a cookie, which
    /// each request carries for itself, the last response wins.)
    ///
    /// A value that cannot be read as the type is left as it is: the closure is not run, the default is given back, and
    /// the commit throws ``SessionError/Kind-swift.struct/unreadableValue``.
    ///
    /// ```swift
    /// let visits = session.update("visits", default: 0) { $0 += 1 }
    /// ```
    @discardableResult
    @inlinable
    public func update<Value: Codable & Sendable>(
        _ key: String, default defaultValue: Value, _ body: @escaping @Sendable (inout Value) -> Void
    ) -> Value {
        let updated = self.update(key) { stored in
            var value = try Self.decode(stored, key) ?? defaultValue
            body(&value)
            return try SessionValueEncoder.encode(value)
        }
        return (try? Self.decode(updated, key)) ?? defaultValue
    }

    /// Changes the value under a typed key by a closure, and gives the new one.
    @discardableResult
    @inlinable
    public func update<Value>(
        _ key: SessionKey<Value>, default defaultValue: Value, _ body: @escaping @Sendable (inout Value) -> Void
    ) -> Value {
        self.update(key.name, default: defaultValue, body)
    }

    /// Stores what a change in place has left, unless what was there could not be read.
    private func change<Value: Codable & Sendable>(
        _ key: String, from old: Swift.Result<Value?, SessionError>, to value: Value?
    ) {
        switch (old, value) {
        case (.success, let value?): self.set(key, encoding: value)
        case (.success, nil), (.failure, nil): if (try? old.get()) != nil { self.pop(key) }
        case (.failure(let error), _?): self.write { $0.fail(error, at: key) }
        }
    }

    /// The value under a key, which is of another kind than the type's own, or of none that it has.
    @usableFromInline
    func converted<Value: Codable & Sendable>(_ key: String) -> Value? { try? self.readingAloud(key).get() }

    /// Reads a value, and remembers that it could not be read.
    private func readingAloud<Value: Codable & Sendable>(_ key: String) -> Swift.Result<Value?, SessionError> {
        let result = Swift.Result { () throws(SessionError) in try Self.decode(self[key], key) as Value? }
        if case .failure(let error) = result { self.withState { $0.unreadable[key] = error } }
        return result
    }

    @inlinable
    static func decode<Value: Codable & Sendable>(
        _ value: SessionValue?, _ key: String
    ) throws(SessionError) -> Value? {
        guard let value else { return nil }
        if let direct = SessionValueDecoder.direct(Value.self, from: value) { return direct }
        return try self.converted(value, key)
    }

    @usableFromInline
    static func converted<Value: Codable & Sendable>(
        _ value: SessionValue, _ key: String
    ) throws(SessionError) -> Value {
        do {
            return try SessionValueDecoder.decode(Value.self, from: value)
        } catch {
            throw .unreadable(key, as: Value.self, error)
        }
    }

    private func set(_ key: String, encoding value: some Encodable) {
        do {
            self.make(.set(key, try SessionValueEncoder.encode(value)))
        } catch {
            self.write { $0.fail(error, at: key) }
        }
    }
}

/// The name of a session value together with its type, so that the compiler checks both ends.
///
/// ```swift
/// extension SessionKey where Value == [String: Int] {
///     static let cart = SessionKey("cart")
/// }
/// ```
///
/// ```swift
/// session[.cart, default: [:]]["apple", default: 0] += 1
/// ```
public struct SessionKey<Value: Codable & Sendable>: Sendable, Hashable {
    /// The key in the session.
    public let name: String

    /// A key for values of this type.
    public init(_ name: String) {
        self.name = name
    }
}
