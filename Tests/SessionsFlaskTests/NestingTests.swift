// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Sessions
@testable import SessionsFlask
@testable import SessionsValues

/// The limit on nesting is the same in both directions, and fits a small stack.
@Suite struct NestingTests {
    private static let limit = TaggedJSON.maximumDepth

    /// Every way to put one value into another, and the levels that its JSON takes.
    private static let nestings: [(name: String, levels: Int, nest: @Sendable (SessionValue) -> SessionValue)] = [
        ("list", 1, { .list([$0]) }),
        ("dictionary", 1, { .dictionary(["a": $0]) }),
        ("tuple", 2, { .tuple([$0]) }),
        ("escaped dictionary", 2, { .dictionary([" t": $0]) }),
    ]
    private static let leaves: [SessionValue] = [
        1, "x", [], [:], .tuple([]), .bytes([1]), .markup("m"), .uuid(UUID()), .date(Date(timeIntervalSince1970: 0)),
        [" t": 1], .tuple([1]),
    ]

    @Test func lists400DeepAreWrittenAndRead() throws {
        let value = Self.nested(Self.limit, 1) { .list([$0]) }
        let json = try TaggedJSON.encode(value)
        #expect(json == [UInt8](repeating: 0x5B, count: 400) + [0x31] + [UInt8](repeating: 0x5D, count: 400))
        #expect(try TaggedJSON.decode(json) == value)
    }

    @Test func lists401DeepAreRefusedBothWays() {
        let value = Self.nested(Self.limit + 1, 1) { .list([$0]) }
        #expect(Self.kind { try TaggedJSON.encode(value) } == .tooDeep)
        let json = [UInt8](repeating: 0x5B, count: 401) + [0x31] + [UInt8](repeating: 0x5D, count: 401)
        #expect(Self.kind { try TaggedJSON.decode(json) } == .tooDeep)
    }

    @Test func whateverIsWrittenCanBeRead() throws {
        for nesting in Self.nestings {
            for leaf in Self.leaves {
                for depth in (Self.limit / nesting.levels - 3)...(Self.limit / nesting.levels + 2) {
                    let value = Self.nested(depth, leaf, nesting.nest)
                    guard let json = try? TaggedJSON.encode(value) else { continue }
                    #expect((try? TaggedJSON.decode(json)) == value, "\(nesting.name), \(depth) levels")
                }
            }
        }
    }

    @Test(arguments: ["[", "{\"a\":", "{\" t\":[", "{\" di\":{\" t__\":", "[[{\"a\":"])
    func aTextThatNestsForeverIsRefused(_ opening: String) {
        let json = Array(String(repeating: opening, count: 100_000).utf8)
        #expect(Self.kind { try TaggedJSON.decode(json) } == .tooDeep)
    }

    @Test func writingFitsASmallStack() {
        #expect(SmallStack.run { Self.deepest.allSatisfy { (try? TaggedJSON.encode($0)) != nil } } == true)
    }

    @Test func readingFitsASmallStack() throws {
        let texts = try Self.deepest.map { try TaggedJSON.encode($0) }
        #expect(SmallStack.run { texts.allSatisfy { (try? TaggedJSON.decode($0)) != nil } } == true)
    }

    @Test func comparingFitsASmallStack() {
        let (left, right) = (Self.deepest, Self.deepest)
        #expect(SmallStack.run { left == right } == true)
    }

    @Test func hashingFitsASmallStack() {
        let (left, right) = (Self.deepest, Self.deepest)
        #expect(SmallStack.run { left.hashValue == right.hashValue } == true)
    }

    @Test func printingFitsASmallStack() {
        let values = Self.deepest
        #expect(SmallStack.run { values.allSatisfy { !$0.description.isEmpty } } == true)
    }

    /// What Flask-Session keeps is written and read by other code.
    @Test func recordsOfFlaskSessionFitASmallStack() {
        let fits = SmallStack.run {
            Self.deepest(Self.limit - 2).allSatisfy { value in
                guard let bytes = try? MessagePack.encode(value), let back = try? MessagePack.decode(bytes) else {
                    return false
                }
                return (try? PlainJSONWriter.encode(value)) != nil && !back.description.isEmpty
            }
        }
        #expect(fits == true)
    }

    /// Whatever holds the last reference frees all levels.
    @Test func freeingFitsASmallStack() {
        let box = ValueBox(Self.deepest)
        #expect(SmallStack.run { box.values.withLock { $0 = [] } } != nil)
    }

    /// A whole request, in a thread that has no more.
    @Test func aSessionOfTheDeepestValueIsHashedComparedAndPrinted() {
        let fits = SmallStack.run {
            let values: SessionDictionary = ["deep": Self.nested(Self.limit - 1, 1) { .list([$0]) }]
            let copy: SessionDictionary = ["deep": Self.nested(Self.limit - 1, 1) { .list([$0]) }]
            let other: SessionDictionary = ["deep": Self.nested(Self.limit - 1, 2) { .list([$0]) }]
            return values == copy && values != other && values.hashValue == copy.hashValue
        }
        #expect(fits == true)
    }

    @Test func goingTooDeepFitsAThreadWithASmallStack() {
        let code = SmallStack.run {
            Self.kind { try TaggedJSON.decode(Array(String(repeating: "{\" t\":[", count: 10_000).utf8)) }
        }
        #expect(code == .tooDeep)
    }

    // MARK: - Pieces

    /// The deepest values that can be written.
    private static var deepest: [SessionValue] { Self.deepest(Self.limit) }

    private static func deepest(_ levels: Int) -> [SessionValue] {
        Self.nestings.map { Self.nested(levels / $0.levels, 1, $0.nest) }
    }

    private static func nested(_ depth: Int, _ leaf: SessionValue, _ nest: (SessionValue) -> SessionValue)
        -> SessionValue
    {
        (0..<depth).reduce(leaf) { value, _ in nest(value) }
    }

    private static func kind(_ body: () throws -> Any) -> TaggedJSONError.Kind? {
        do {
            _ = try body()
            return nil
        } catch {
            return (error as? TaggedJSONError)?.kind
        }
    }
}

private final class ValueBox: Sendable {
    let values: Mutex<[SessionValue]>
    init(_ values: [SessionValue]) { self.values = Mutex(values) }
}
