// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

extension FuzzTarget {
    /// What an old key's holder can put into a cookie inflates to a mebibyte at most.
    static let inflate = FuzzTarget("inflate", "zlib's streams") { input in
        let limit = 1 << 20
        let packed = Zlib.compress(input)
        try require(
            packed.flatMap { Zlib.decompress($0, limit: input.count) } == input, "what was compressed is not read")
        guard let bytes = Zlib.decompress(input, limit: limit) else { return }
        try require(bytes.count <= limit, "the limit is not kept")
        try require(Zlib.decompress(input, limit: bytes.count) == bytes, "a limit of just as many bytes refuses them")
        if !bytes.isEmpty {
            try require(Zlib.decompress(input, limit: bytes.count - 1) == nil, "a limit of one byte less is not kept")
        }
        try require(Zlib.decompress(input + [0], limit: limit) == bytes, "bytes after the stream change it")
    }
}
