// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

/// Cuts the text of a rule into slashes, literal text and variables (the syntax of werkzeug/routing/rules.py:44-65).
struct RuleParser {
    private let rule: String
    private let bytes: [UInt8]
    private var position = 0
    private var names: [String] = []

    private init(_ rule: String) {
        self.rule = rule
        self.bytes = RoutePath.mergingSlashes(Array(rule.utf8))
    }

    /// The tokens of `rule`; repeated slashes count as one.
    static func tokens(of rule: String) throws(RouteError) -> [RuleToken] {
        guard rule.utf8.first == UInt8(ascii: "/") else {
            throw RouteError(.invalidRule, "The rule \"\(rule)\" must start with a slash.")
        }
        var parser = RuleParser(rule)
        return try parser.parse()
    }

    private mutating func parse() throws(RouteError) -> [RuleToken] {
        var tokens: [RuleToken] = []
        while self.position < self.bytes.count {
            switch self.bytes[self.position] {
            case UInt8(ascii: "/"):
                self.position += 1
                tokens.append(.slash)
            case UInt8(ascii: "<"):
                self.position += 1
                tokens.append(try self.variable())
            default:
                tokens.append(.literal(self.literal()))
            }
        }
        return tokens
    }

    private mutating func literal() -> [UInt8] {
        let start = self.position
        while self.position < self.bytes.count,
            self.bytes[self.position] != UInt8(ascii: "/"), self.bytes[self.position] != UInt8(ascii: "<")
        {
            self.position += 1
        }
        return Array(self.bytes[start..<self.position])
    }

    /// `name>`, `converter:name>` or `converter(arguments):name>`, after the opening bracket.
    private mutating func variable() throws(RouteError) -> RuleToken {
        let open = self.position
        guard let first = self.identifier() else { throw self.malformed(open) }
        if self.take(">") { return try self.variable(named: first, converter: "default", arguments: "") }
        if self.take(":") {
            guard let name = self.identifier(), self.take(">") else { throw self.malformed(open) }
            return try self.variable(named: name, converter: first, arguments: "")
        }
        guard self.take("("), let (arguments, name) = self.argumentsAndName() else { throw self.malformed(open) }
        return try self.variable(named: name, converter: first, arguments: arguments)
    }

    /// The shortest arguments that `):name>` follows: they may contain brackets themselves.
    private mutating func argumentsAndName() -> (arguments: String, name: String)? {
        let start = self.position
        while let close = self.bytes[self.position...].firstIndex(of: UInt8(ascii: ")")) {
            self.position = close + 1
            if self.take(":"), let name = self.identifier(), self.take(">") {
                return (String(decoding: self.bytes[start..<close], as: UTF8.self), name)
            }
            self.position = close + 1
        }
        return nil
    }

    private mutating func variable(
        named name: String, converter: String, arguments: String
    ) throws(RouteError) -> RuleToken {
        guard !self.names.contains(name) else {
            throw RouteError(.repeatedVariable, "The rule \"\(self.rule)\" uses the variable \"\(name)\" twice.")
        }
        self.names.append(name)
        do {
            let parsed = try ConverterArguments(parsing: arguments)
            return .variable(name: name, try PathConverter(name: converter, arguments: parsed))
        } catch {
            throw RouteError(error.kind, "The rule \"\(self.rule)\" is not valid: \(error.description)")
        }
    }

    /// A letter or underscore, then letters, digits and underscores; all ASCII.
    private mutating func identifier() -> String? {
        let start = self.position
        while self.position < self.bytes.count {
            let byte = self.bytes[self.position]
            guard byte.isASCIILetterOrDigit(or: "_"), !byte.isASCIIDigit || self.position > start else { break }
            self.position += 1
        }
        return self.position == start ? nil : String(decoding: self.bytes[start..<self.position], as: UTF8.self)
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard self.position < self.bytes.count, self.bytes[self.position] == UInt8(ascii: character) else {
            return false
        }
        self.position += 1
        return true
    }

    private func malformed(_ open: Int) -> RouteError {
        guard self.bytes[open...].contains(UInt8(ascii: ">")) else {
            return RouteError(.invalidRule, "The rule \"\(self.rule)\" has a \"<\" without its \">\".")
        }
        return RouteError(
            .invalidRule,
            "The rule \"\(self.rule)\" has a variable that is not written <name>, <converter:name> or "
                + "<converter(arguments):name>; names are ASCII letters, digits and underscores."
        )
    }
}
