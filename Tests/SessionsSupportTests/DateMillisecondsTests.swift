// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct DateMillisecondsTests {
    @Test(arguments: [
        -62_135_596_800_000, -1_000_000_000_000, 0, 1_700_000_000_000, 4_102_444_800_000, 253_402_300_000_000,
    ])
    func aMillisecondComesBackAsItself(base: Int) {
        for offset in 0..<2000 {
            #expect(Date(milliseconds: base + offset).milliseconds == base + offset)
            #expect(Date(milliseconds: base + offset).adding(.zero) == Date(milliseconds: base + offset))
        }
    }
}
