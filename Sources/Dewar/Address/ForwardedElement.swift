// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

/// What one proxy says in a `Forwarded` field (RFC 7239, section 4): `for=192.0.2.60;proto=https;host=shop.example`.
struct ForwardedElement: Sendable {
    private var values: [String: String] = [:]

    /// The value of a parameter, whose name is in small letters.
    subscript(name: String) -> String? { self.values[name] }

    /// The elements of a field, in order; nil when it breaks the grammar, or an element has a parameter twice.
    ///
    /// The whole field must be valid. Otherwise a quote that a visitor opens would swallow the element that a proxy
    /// adds after it.
    static func list(_ field: String) -> [ForwardedElement]? {
        var scanner = Scanner(rest: field.utf8[...])
        var elements: [ForwardedElement] = []
        var element = ForwardedElement()
        while true {
            scanner.skipBlanks()
            switch scanner.rest.first {
            case nil:
                return elements + [element]
            case UInt8(ascii: ","):
                elements.append(element)
                element = ForwardedElement()
                scanner.rest.removeFirst()
            case UInt8(ascii: ";"):
                scanner.rest.removeFirst()
            default:
                guard let (name, value) = scanner.pair(), element.values.updateValue(value, forKey: name) == nil else {
                    return nil
                }
            }
        }
    }

    private struct Scanner {
        var rest: Substring.UTF8View

        mutating func skipBlanks() {
            self.rest = self.rest.drop { $0 == 0x20 || $0 == 0x09 }
        }

        /// A parameter, up to the separator behind it.
        mutating func pair() -> (name: String, value: String)? {
            guard let name = self.token(), self.rest.first == UInt8(ascii: "=") else { return nil }
            self.rest.removeFirst()
            let value = self.rest.first == UInt8(ascii: "\"") ? self.quoted() : self.token()
            self.skipBlanks()
            guard let value, self.rest.first.map({ ",;".utf8.contains($0) }) ?? true else { return nil }
            return (name.lowercased(), value)
        }

        private mutating func token() -> String? {
            let token = self.rest.prefix { $0.isASCIILetterOrDigit(or: "!#$%&'*+-.^_`|~") }
            self.rest = self.rest[token.endIndex...]
            return token.isEmpty ? nil : String(decoding: token, as: UTF8.self)
        }

        /// A quoted string; a backslash takes the next byte as it is.
        private mutating func quoted() -> String? {
            var value: [UInt8] = []
            self.rest.removeFirst()
            while let byte = self.rest.popFirst() {
                switch byte {
                case UInt8(ascii: "\""):
                    return String(decoding: value, as: UTF8.self)
                case UInt8(ascii: "\\"):
                    guard let next = self.rest.popFirst() else { return nil }
                    value.append(next)
                default:
                    value.append(byte)
                }
            }
            return nil
        }
    }
}
