// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import Sessions

@testable import Sessions

extension FuzzTarget {
    /// The first byte says whether the input is a record's contents, or JSON, which is encrypted and then changed.
    static let contents = FuzzTarget("contents", "the values of a stored session, encrypted or not") { input in
        let coder = ContentsCoder(keys: FuzzSetting.keys, encrypts: true, random: FuzzSetting.random)
        let (way, rest) = input.choice(of: 2)
        if way == 0 {
            guard let values = coder.decode(rest, id: FuzzSetting.id) else { return }
            _ = coder.haveOtherKey(rest, id: FuzzSetting.id)
            let plain = ContentsCoder(keys: FuzzSetting.keys, encrypts: false, random: FuzzSetting.random)
            guard let written = try? plain.encode(values, id: FuzzSetting.id) else { return }
            try require(coder.decode(written, id: FuzzSetting.id) == values, "written again, the values are others")
            return
        }
        let json = Array(rest.dropFirst(2))
        guard case .dictionary(let values)? = try? TaggedJSON.decode(json),
            let sealed = try? coder.encode(values, id: FuzzSetting.id)
        else { return }
        try require(coder.decode(sealed, id: FuzzSetting.id) == values, "encrypted, the values are others")
        // An attacker who can write to the store changes a bit behind the salt, or moves the contents to another
        // session.
        var changed = sealed
        changed[33 + Int(BigEndian.number(rest.prefix(2))) % (sealed.count - 33)] ^= 1
        try require(coder.decode(changed, id: FuzzSetting.id) == nil, "a bit was changed, and the contents open")
        let other = SessionID(using: SessionRandom { [UInt8](repeating: 1, count: $0) })
        try require(coder.decode(sealed, id: other) == nil, "the contents open for another session")
    }
}
