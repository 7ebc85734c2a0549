// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// The part of an address that its owner cannot change at will: all of an IPv4 address, and the first 64 bits of an IPv6
/// address, because every home has 2^64 of them.
struct NetworkPrefix: Sendable, Hashable {
    /// A byte that says of what kind they are, and the bytes.
    let bytes: [UInt8]

    private static let mappedIPv4: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]

    /// The network of an address in its usual text form. A text that is no address is a network of its own: a proxy may
    /// hide addresses behind names.
    init(_ address: String) {
        let text = String(address.prefix { $0 != "%" })
        if let address = Self.parse(text, AF_INET, length: 4) {
            self.bytes = [4] + address
        } else if let address = Self.parse(text, AF_INET6, length: 16) {
            let isMapped = address.starts(with: Self.mappedIPv4)
            self.bytes = isMapped ? [4] + address.suffix(4) : [6] + address.prefix(8)
        } else {
            self.bytes = [0] + address.utf8.prefix(256)
        }
    }

    private static func parse(_ text: String, _ family: Int32, length: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: length)
        // The system writes as many bytes as addresses of the family have, which is the length, within this call.
        let isAddress = unsafe bytes.withUnsafeMutableBytes { unsafe inet_pton(family, text, $0.baseAddress) == 1 }
        return isAddress ? bytes : nil
    }
}
