// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

extension FuzzTarget {
    static let base64 = FuzzTarget("base64", "base64, as strict and as lenient as it is read") { input in
        let written = Base64.encodeURLSafe(input)
        try require(Base64.decodeURLSafe(written[...]) == input, "what was written is not read")
        try require(Base64.decodeCanonical(written[...]) == input, "what was written is not read as the one spelling")
        try require(Base64.decodeStandard(Base64.encodeStandard(input)) == input, "what was written is not read")
        if let bytes = Base64.decodeCanonical(input[...]) {
            try require(Base64.encodeURLSafe(bytes) == input, "another spelling was taken for the one that is written")
            try require(Base64.decodeURLSafe(input[...]) == bytes, "the lenient reader reads something else")
        }
        if let bytes = Base64.decodeURLSafe(input[...]) {
            try require(bytes.count <= input.count, "more bytes than characters")
        }
        // A slice need not begin at zero.
        let moved = ([0x41] + input).dropFirst()
        try require(Base64.decodeURLSafe(moved) == Base64.decodeURLSafe(input[...]), "the place in memory matters")
    }
}
