// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

@testable import Dewar

extension FuzzTarget {
    /// The first line fills in a variable of a route, and the second a value of the query.
    static let templateURL = FuzzTarget("template-url", "the URL that a page makes of what a visitor has chosen") {
        input in
        let lines = input.lines(atMost: 2)
        let (name, tab) = (lines[0].text, lines.count > 1 ? lines[1].text : "")
        guard let arguments = URLArguments("name={{name}}&tab=a{{tab}}&mark=<b") else {
            throw Violation(description: "the arguments of a template are none")
        }
        let assembly = URLAssembly()
        try require(!assembly.begin("person", arguments).contains("<"), "a template has what is not a tag")
        for value in [name, tab] {
            assembly.next()
            assembly.keep(value)
        }
        var failure: TemplateError?
        let url = assembly.end(FuzzLinks.urls { failure = $0 })
        try require(failure == nil, "the URL of a text cannot be made")
        let bytes = Array(url.utf8)
        try require(bytes.allSatisfy { (0x21...0x7E).contains($0) }, "a URL that is not visible ASCII")
        try require(!bytes.contains { "<>\"\\`".utf8.contains($0) }, "a URL that leaves the markup around it")
        try require(bytes.starts(with: "/people/".utf8), "a URL that leads elsewhere")
        let parts = bytes.split(separator: UInt8(ascii: "?"), maxSplits: 1, omittingEmptySubsequences: false)
        try require(parts.count == 2, "a URL without its query")
        try require(FuzzLinks.decoded(parts[0]) == Array("/people/\(name)".utf8), "a path names another")
        let pairs = parts[1].split(separator: UInt8(ascii: "&"), omittingEmptySubsequences: false).map { pair in
            FuzzLinks.decoded(pair.map { $0 == UInt8(ascii: "+") ? UInt8(ascii: " ") : $0 })
        }
        try require(pairs == ["tab=a\(tab)", "mark=<b"].map { Array($0.utf8) }, "a query has other values")
    }
}

/// Links to a route, and how a browser and a server read them.
private enum FuzzLinks {
    private static let table = Result { try Self.routes() }

    private static func routes() throws -> RouteTable<Int> {
        var table = RouteTable<Int>()
        try table.add(RoutePattern("/people/<name>"), name: "person", methods: ["GET"], value: 0)
        return table
    }

    static func urls(_ fail: @escaping (TemplateError) -> Void) -> RouteURLs {
        RouteURLs(
            template: "page",
            url: { (name, values) throws(RouteError) in
                let base = URLBase(scheme: "https", host: "a.example")
                guard case .success(let table) = Self.table else { return "" }
                return try table.urls.url(for: name, values: values, base: base)
            },
            fail: fail)
    }

    /// Each percent sign with two digits as the byte that they name.
    static func decoded(_ text: some Sequence<UInt8>) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = Array(text)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%"), let value = UInt8(Array(rest.prefix(2)).text, radix: 16) else {
                bytes.append(byte)
                continue
            }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        return bytes
    }
}
