// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

@testable import Dewar

extension FuzzTarget {
    static let location = FuzzTarget("location", "the target of a redirect, and the page to go to after a sign-in") {
        input in
        let text = input.text
        let location = LocationEncoding.encode(text)
        try require(
            location.utf8.allSatisfy { (0x20...0x7E).contains($0) }, "a target that is not ASCII, or has controls")
        if LocalPath.accepts(text) {
            try require(location.utf8.first == UInt8(ascii: "/"), "a path of this site leads to none")
            try require(!location.hasPrefix("//") && !location.hasPrefix("/\\"), "a path of this site leads to another")
            let parts = LocationParts(splitting: location)
            try require(parts.scheme.isEmpty && parts.authority.isEmpty, "a path of this site names another")
        }
    }
}
