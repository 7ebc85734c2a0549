// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import ArgumentParser
import Dewar

/// What stands after `--accept`: a format that cookies may have besides the one that is written.
enum FormatOption: String, ExpressibleByArgument, CaseIterable {
    case flask
    case sealed
    case signed

    static let help = "flask, sealed, or signed"

    var format: SessionFormat {
        switch self {
        case .flask: .flask
        case .sealed: .sealed
        case .signed: .signed
        }
    }
}
