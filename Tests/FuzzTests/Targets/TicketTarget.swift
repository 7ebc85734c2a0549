// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

@testable import Sessions

extension FuzzTarget {
    /// The first byte says whether the input is a ticket, or what is signed in one.
    static let ticket = FuzzTarget("ticket", "the cookie of a session in a store") { input in
        let coder = SessionTicketCoder(keys: FuzzSetting.keys, cookieName: FuzzSetting.cookieName)
        let signer = Signer(keys: FuzzSetting.keys, salt: "dewar.ticket." + FuzzSetting.cookieName, digest: .sha256)
        let (way, rest) = input.choice(of: 2)
        let token = way == 0 ? rest : signer.sign(rest)
        guard let ticket = try? coder.decode(token[...]) else { return }
        let written = Array(coder.encode(ticket).utf8)
        try require(SessionTicketCoder.hasForm(of: written[...]), "a ticket was written that has not the form of one")
        let again = try coder.decode(written[...])
        try require(
            again.id == ticket.id && again.secret.bytes == ticket.secret.bytes, "written again, the ticket is another")
    }
}
