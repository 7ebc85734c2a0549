// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

/// What a variable of a rule matches, and the text that a handler gets for it.
///
/// | converter | takes | arguments |
/// |---|---|---|
/// | `string`, or none | text without a slash | `minlength`, `maxlength`, `length` |
/// | `int` | digits | `fixed_digits`, `min`, `max`, `signed` |
/// | `float` | digits, a point, digits | `min`, `max`, `signed` |
/// | `path` | text, slashes too | |
/// | `uuid` | a UUID | |
/// | `any` | one of its arguments | the texts |
struct PathConverter: Hashable, Sendable {
    /// Limits that are checked only once the whole path has matched; outside them the rule does not match, and no other
    /// rule is tried.
    enum Limits: Hashable, Sendable {
        case none
        case integer(fixedDigits: Int, minimum: Int?, maximum: Int?)
        case float(minimum: Double?, maximum: Double?)
    }

    let grammar: ConverterGrammar
    let limits: Limits

    /// Throws `unknownConverter`, or `invalidRule` for arguments that the converter does not have.
    init(name: String, arguments: ConverterArguments) throws(RouteError) {
        self.limits = try Self.limits(name, arguments)
        switch name {
        case "default", "string":
            self.grammar = try Self.text(name, arguments)
        case "any":
            guard !arguments.positional.isEmpty, arguments.named.isEmpty else {
                throw RouteError(.invalidRule, "\"any\" takes the texts to match, as in any(red, green).")
            }
            self.grammar = .any(arguments.positional.map { Array($0.utf8) })
        case "int", "float":
            let values = try arguments.values(for: name, parameters: Self.numberParameters(name))
            let signed = try Self.boolean("signed", values, name)
            self.grammar = name == "int" ? .integer(signed: signed) : .float(signed: signed)
        case "path", "uuid":
            _ = try arguments.values(for: name, parameters: [])
            self.grammar = name == "path" ? .path : .uuid
        default:
            throw RouteError(
                .unknownConverter,
                "there is no converter \"\(name)\"; there are string, int, float, path, uuid and any."
            )
        }
    }

    /// Lighter variables are tried first (werkzeug/routing/converters.py).
    var weight: Int {
        switch self.grammar {
        case .integer, .float: 50
        case .text, .any, .uuid: 100
        case .path: 200
        }
    }

    /// The handler's text for matched bytes, nil when they break the limits.
    ///
    /// It is the text of Werkzeug's converted value: `007` becomes `7`, an upper-case UUID lower case.
    func parameter(from bytes: ArraySlice<UInt8>) -> String? {
        let text = String(decoding: bytes, as: UTF8.self)
        switch self.limits {
        case .none:
            return self.grammar == .uuid ? text.lowercased() : text
        case .integer(let fixedDigits, let minimum, let maximum):
            guard fixedDigits == 0 || text.unicodeScalars.count == fixedDigits,
                let digits = PythonNumber.integerText(text)
            else { return nil }
            let value = Int(digits) ?? (digits.utf8.first == UInt8(ascii: "-") ? .min : .max)
            return value >= minimum ?? .min && value <= maximum ?? .max ? digits : nil
        case .float(let minimum, let maximum):
            guard let value = PythonNumber.double(text) else { return nil }
            return value >= minimum ?? -.infinity && value <= maximum ?? .infinity ? PythonFloat.text(value) : nil
        }
    }
}

extension PathConverter {
    private static func numberParameters(_ name: String) -> [String] {
        (name == "int" ? ["fixed_digits"] : []) + ["min", "max", "signed"]
    }

    private static func limits(_ name: String, _ arguments: ConverterArguments) throws(RouteError) -> Limits {
        guard name == "int" || name == "float" else { return .none }
        let values = try arguments.values(for: name, parameters: Self.numberParameters(name))
        if name == "float" {
            return .float(minimum: try Self.double("min", values), maximum: try Self.double("max", values))
        }
        return .integer(
            fixedDigits: try Self.count("fixed_digits", values, name) ?? 0,
            minimum: try Self.integer("min", values, name),
            maximum: try Self.integer("max", values, name)
        )
    }

    private static func text(_ name: String, _ arguments: ConverterArguments) throws(RouteError) -> ConverterGrammar {
        let values = try arguments.values(for: name, parameters: ["minlength", "maxlength", "length"])
        if let length = try Self.count("length", values, name) { return .text(minimum: length, maximum: length) }
        let minimum = try Self.count("minlength", values, name) ?? 1
        let maximum = try Self.count("maxlength", values, name)
        guard minimum <= maximum ?? .max else {
            throw RouteError(.invalidRule, "\"minlength\" of \"\(name)\" is greater than \"maxlength\".")
        }
        return .text(minimum: minimum, maximum: maximum)
    }

    private static func count(
        _ key: String, _ values: [String: String], _ name: String
    ) throws(RouteError) -> Int? {
        guard let value = try Self.integer(key, values, name) else { return nil }
        guard value >= 0 else { throw RouteError(.invalidRule, "\"\(key)\" of \"\(name)\" cannot be negative.") }
        return value
    }

    private static func integer(
        _ key: String, _ values: [String: String], _ name: String
    ) throws(RouteError) -> Int? {
        guard let text = values[key] else { return nil }
        guard let value = PythonNumber.integerText(text).flatMap({ Int($0) }) else {
            throw RouteError(.invalidRule, "\"\(key)\" of \"\(name)\" must be a whole number, not `\(text)`.")
        }
        return value
    }

    private static func double(_ key: String, _ values: [String: String]) throws(RouteError) -> Double? {
        guard let text = values[key] else { return nil }
        guard let value = PythonNumber.double(text) else {
            throw RouteError(.invalidRule, "\"\(key)\" of \"float\" must be a number, not `\(text)`.")
        }
        return value
    }

    private static func boolean(
        _ key: String, _ values: [String: String], _ name: String
    ) throws(RouteError) -> Bool {
        switch values[key] {
        case nil, "False": return false
        case "True": return true
        case .some(let text):
            throw RouteError(.invalidRule, "\"\(key)\" of \"\(name)\" must be True or False, not `\(text)`.")
        }
    }
}
