// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

@testable import SessionsSignIn

extension FuzzTarget {
    /// The first byte says whether the rest is a count of attempts to sign in, as a store has it, or an address, as a
    /// proxy names it.
    static let attempts = FuzzTarget("attempts", "counts of attempts to sign in, and addresses") { input in
        let (way, rest) = input.choice(of: 2)
        if way == 0 {
            try Self.checkCount(rest)
        } else {
            try Self.checkAddress(rest.text)
        }
    }

    private static func checkCount(_ bytes: [UInt8]) throws {
        let count = AttemptCount(bytes)
        try require(
            (0...1 << 50).contains(count.failures) && (0...1 << 50).contains(count.time),
            "a count, or its time, is so large that arithmetic with it ends the process")
        try require(AttemptCount(count.bytes) == count, "written and read, a count is another")
        let isCount = bytes.count == count.bytes.count && bytes.prefix(2) == count.bytes.prefix(2)
        try require(isCount || count == AttemptCount(), "what is no count is one")
        let record = count.record(FuzzSetting.id, replacing: nil, keep: .seconds(60), at: FuzzSetting.moment)
        try require(AttemptCount(record.contents) == count, "a record holds another count")
        try require(!SessionSummary(record).isSession, "a count is taken for a session")
    }

    private static func checkAddress(_ address: String) throws {
        let network = NetworkPrefix(address).bytes
        switch network.first {
        case 4:
            let dotted = network.dropFirst().map(String.init).joined(separator: ".")
            try require(network.count == 5, "an IPv4 address has \(network.count - 1) bytes")
            try require(NetworkPrefix(dotted).bytes == network, "an IPv4 address has two networks")
            try require(NetworkPrefix("::ffff:\(dotted)").bytes == network, "a mapped address is in another network")
        case 6:
            let groups = stride(from: 1, to: network.count - 1, by: 2).map { index in
                String(Int(network[index]) << 8 | Int(network[index + 1]), radix: 16)
            }
            let prefix = groups.joined(separator: ":")
            try require(groups.count == 4, "a network of IPv6 has \(groups.count) groups")
            for host in [":0:0:0:0", ":ffff:ffff:ffff:ffff", ":1:2:3:4%eth0"] where prefix != "0:0:0:0" {
                try require(NetworkPrefix(prefix + host).bytes == network, "a home has two networks")
            }
        default:
            try require(network.first == 0 && network.count <= 257, "a name is too long")
            try require(network.dropFirst().elementsEqual(address.utf8.prefix(256)), "a name is another")
        }
    }
}
