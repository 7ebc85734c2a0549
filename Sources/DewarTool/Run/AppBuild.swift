// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation

/// Builds the app in a folder with SwiftPM.
struct AppBuild: Sendable {
    /// What is built. It stays the same while the manifest does.
    struct Plan: Sendable {
        let product: String
        /// The path of the program.
        let program: String
    }

    /// A build that failed, with what the compiler said.
    struct Failure: Error {
        let text: String
    }

    let folder: String
    /// The program that was asked for, of several.
    let product: String?
    let environment: [String: String]

    /// So long may SwiftPM take to end when it is told to.
    let patience: Duration

    /// So much of the output is kept for a page.
    private static let longest = 200_000

    init(folder: String, product: String?, environment: [String: String], patience: Duration = .seconds(5)) {
        self.folder = folder
        self.product = product
        self.patience = patience
        // SwiftPM writes a package's traits in the order of a hash: with another order in each run, it would compile
        // Hummingbird anew in every other one.
        self.environment = environment.merging(["SWIFT_DETERMINISTIC_HASHING": "1"]) { given, _ in given }
    }

    /// Reads the manifest.
    ///
    /// - Throws: ``Failure`` when it has errors, and ``ToolError`` when there is no program to run, or no Swift.
    func plan() async throws -> Plan {
        let manifest = try await self.swift(["package", "dump-package"], shows: false)
        let product = try Self.product(self.product, in: manifest)
        let place = try await self.swift(["build", "--show-bin-path"], shows: false)
        let path = place.split(whereSeparator: \.isNewline).last ?? ""
        return Plan(product: product, program: "\(path)/\(product)")
    }

    /// Builds the program; what the compiler writes is shown on the way.
    func run(_ plan: Plan) async throws {
        _ = try await self.swift(["build", "--product", plan.product], shows: true)
    }

    /// What SwiftPM writes, if it succeeds.
    private func swift(_ arguments: [String], shows: Bool) async throws -> String {
        let process = try ChildProcess(
            ["swift"] + arguments, in: self.folder, environment: self.environment, readsOutput: true)
        return try await withTaskCancellationHandler {
            var tail = OutputTail(limit: Self.longest)
            for await bytes in process.output {
                if shows { Console.pass(bytes) }
                tail.add(bytes)
            }
            // In a cancelled task the output ends at once, and the build may not have: this command must not end before
            // it, or it would go on with no parent, and keep the folder locked.
            let status = await process.status
            try Task.checkCancellation()
            guard status == 0 else { throw Failure(text: Self.readable(tail.text)) }
            return tail.text
        } onCancel: {
            Task { await process.stop(SIGINT, within: self.patience) }
        }
    }

    /// The program to run: the one that was asked for, or the only one.
    static func product(_ wanted: String?, in manifest: String) throws(ToolError) -> String {
        struct Manifest: Decodable {
            struct Target: Decodable {
                let name: String
                let type: String
            }
            struct Product: Decodable {
                let name: String
                let targets: [String]
                /// Its key is the kind of product.
                let type: [String: [String]?]
            }
            let targets: [Target]
            let products: [Product]?
        }
        // SwiftPM may warn before it prints the manifest.
        let start = manifest.firstIndex(of: "{") ?? manifest.startIndex
        guard let found = try? JSONDecoder().decode(Manifest.self, from: Data(manifest[start...].utf8)) else {
            throw ToolError("What swift package dump-package says of this package cannot be read.")
        }
        // A target that no product of the manifest has is a product of its own name.
        let products = (found.products ?? []).filter { $0.type.keys.contains("executable") }
        let named = Set(products.flatMap(\.targets))
        let others = found.targets.filter { $0.type == "executable" && !named.contains($0.name) }
        let programs = products.map(\.name) + others.map(\.name)
        let list = Printable.text(programs.joined(separator: ", "))
        if let wanted {
            guard programs.contains(wanted) else {
                throw ToolError(
                    "This package has no program \(Printable.text(wanted)); it has: \(list).", status: .usage)
            }
            return wanted
        }
        guard let only = programs.first else { throw ToolError("This package has no program to run.", status: .usage) }
        guard programs.count == 1 else {
            throw ToolError(
                "This package has several programs; say which: --product, with one of \(list).", status: .usage)
        }
        return only
    }

    /// The output without the lines that only say how far the build is, and those about other packages.
    static func readable(_ output: String) -> String {
        let lines = output.split(separator: "\n", omittingEmptySubsequences: false)
        let shown = lines.filter { line in
            let isProgress = line.hasPrefix("[") && line.dropFirst().first?.isNumber ?? false && line.contains("] ")
            return !isProgress && !line.hasPrefix("warning: '") && !line.contains("/.build/checkouts/")
        }
        return shown.joined(separator: "\n").trimmingCharacters(in: .whitespacesAndNewlines)
    }
}

/// The last part of what a program has written.
struct OutputTail: Sendable {
    private var bytes: [UInt8] = []
    private let limit: Int

    init(limit: Int) {
        self.limit = limit
    }

    mutating func add(_ more: [UInt8]) {
        self.bytes += more
        if self.bytes.count > 2 * self.limit { self.bytes.removeFirst(self.bytes.count - self.limit) }
    }

    var text: String { String(decoding: self.bytes.suffix(self.limit), as: UTF8.self) }
}
