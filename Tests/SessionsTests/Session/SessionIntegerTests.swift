// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Testing

@testable import Sessions
@testable import SessionsValues

/// Integers of every width; what does not fit reads as nil and never as something else.
@Suite struct SessionIntegerTests {
    private let session = Session.fresh()

    @Test func everyWidthComesBack() {
        self.expectRoundTrip(of: Int8.self)
        self.expectRoundTrip(of: Int16.self)
        self.expectRoundTrip(of: Int32.self)
        self.expectRoundTrip(of: Int64.self)
        self.expectRoundTrip(of: Int.self)
        self.expectRoundTrip(of: UInt8.self)
        self.expectRoundTrip(of: UInt16.self)
        self.expectRoundTrip(of: UInt32.self)
        self.expectRoundTrip(of: UInt64.self)
        self.expectRoundTrip(of: UInt.self)
    }

    @Test func whatDoesNotFitIsNil() {
        self.expectNil(Int8.self, for: .int(128))
        self.expectNil(Int8.self, for: .int(-129))
        self.expectNil(UInt8.self, for: .int(256))
        self.expectNil(UInt8.self, for: .int(-1))
        self.expectNil(Int32.self, for: .int(1 << 31))
        self.expectNil(UInt64.self, for: .int(-1))
        self.expectNil([UInt8].self, for: .list([.int(1), .int(256)]))
    }

    @Test func numbersPastIntAreKept() throws {
        self.session["big"] = UInt64.max
        #expect(self.session["big"] == .bigInteger(try #require(BigInteger("18446744073709551615"))))
        let read: UInt64? = self.session["big"]
        let narrow: Int? = self.session["big"]
        #expect(read == .max)
        #expect(narrow == nil)
        let huge = try #require(BigInteger("-340282366920938463463374607431768211456"))
        self.session["huge"] = .bigInteger(huge)
        self.expectNil(Int64.self, for: .bigInteger(huge))
        self.expectNil(UInt64.self, for: .bigInteger(huge))
    }

    private func expectRoundTrip<Integer: FixedWidthInteger & Codable & Sendable>(of type: Integer.Type) {
        for value in [Integer.min, 0, 1, Integer.max] {
            self.session["n"] = value
            let read: Integer? = self.session["n"]
            #expect(read == value, "\(type)")
        }
    }

    private func expectNil<Value: Codable & Sendable>(_ type: Value.Type, for value: SessionValue) {
        self.session["n"] = value
        let read: Value? = self.session["n"]
        #expect(read == nil, "\(type) of \(value)")
    }
}
